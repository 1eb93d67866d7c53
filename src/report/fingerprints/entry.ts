/** Says of a tuple what the report says. */
import type { AttemptCounts, SynTable } from "../analysis/syn-table.ts";
import { filtersOf } from "./filters/filters.ts";
import type { FingerprintEntry } from "./fingerprint-report.ts";
import type { FingerprintTable } from "./fingerprint-table.ts";
import { labelOf } from "./labels.ts";
import { MARKS } from "./marks.ts";
import { tupleAt, tupleText } from "./tuple.ts";

/** A program is taken for known by its mark where so large a share of the packets has it. */
const MARKED_SHARE = 0.9;

/** @param capture the number of its SYNs, and whether they have different headers in front of IP */
export function entryAt(
  table: FingerprintTable,
  place: number,
  attempts: SynTable,
  capture: { readonly packets: number; readonly isMixed: boolean },
): FingerprintEntry {
  const tuple = tupleAt(table, place);
  const packets = table.packets[place] ?? 0;
  const marks = MARKS.filter((mark) => table.marked(place, mark) >= MARKED_SHARE * packets);
  const { layout } = tuple;
  return {
    tuple: tupleText(tuple),
    packets,
    error: table.error[place] ?? 0,
    bytes: table.bytes[place] ?? 0,
    share: packets / capture.packets,
    fields: {
      ipVersion: tuple.ipVersion,
      ttl: tuple.initialTtl,
      lowestTtl: tuple.lowestTtl,
      highestTtl: tuple.highestTtl,
      window: tuple.window,
      mss: layout.mss,
      scale: layout.scale,
      options: layout.names,
      isCut: tuple.isCut,
      dontFragment: tuple.dontFragment,
      quirks: tuple.quirks,
      vlanTags: tuple.vlanTags,
    },
    label: labelOf(
      tuple,
      marks.reduce((all, mark) => all | mark, 0),
    ),
    ...legitimateOf(attempts.counts(table.hash[place]), attempts.sampledOneIn),
    filters: filtersOf(tuple, capture.isMixed),
  };
}

function legitimateOf(
  { attempts, syns, legitimateSyns }: AttemptCounts,
  sampledOneIn: number,
): Pick<FingerprintEntry, "legitimateShare" | "legitimateError" | "attempts"> {
  const legitimateShare = syns === 0 ? 0 : legitimateSyns / syns;
  // As if one attempt more of each kind were there, so that a small sample never claims to be certain.
  const careful = (legitimateShare * attempts + 1) / (attempts + 2);
  const legitimateError = sampledOneIn === 1 ? 0 : Math.sqrt((careful * (1 - careful)) / (attempts + 2));
  return { legitimateShare, legitimateError, attempts };
}
