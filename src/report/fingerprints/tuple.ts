/** A tuple of the table with all that is told of it. */
import { OTHER_FRAMING } from "../analysis/ethernet-type.ts";
import type { ExtensionHeaders, FingerprintTable } from "./fingerprint-table.ts";
import { type OptionLayout, readOptions } from "./option-layout.ts";
import { headerQuirks, QUIRK_DF } from "./quirks.ts";
import {
  INITIAL_TTLS,
  TCP_LENGTH,
  TRAIT_CUT,
  TRAIT_FRAMING_SHIFT,
  TRAIT_IPV6,
  TRAIT_PAYLOAD,
  TRAIT_TTL_SHIFT,
} from "./syn-key.ts";

export interface Tuple {
  readonly ipVersion: 4 | 6;
  /** TRAIT_ and QUIRK_ bits. */
  readonly traits: number;
  readonly initialTtl: number;
  readonly lowestTtl: number;
  readonly highestTtl: number;
  /** Bytes of the options of IPv4, or of the extension headers of IPv6. */
  readonly ipOptionsLength: number;
  readonly extensions: ExtensionHeaders;
  /** Bytes. */
  readonly tcpHeaderLength: number;
  readonly window: number;
  readonly layout: OptionLayout;
  /** Of the headers and of the options. */
  readonly quirks: readonly string[];
  readonly dontFragment: boolean;
  readonly hasPayload: boolean;
  readonly isCut: boolean;
  /** Null where something else than VLAN tags stands in front of IP, or more than two. */
  readonly vlanTags: number | null;
}

export function tupleAt(table: FingerprintTable, place: number): Tuple {
  const traits = table.traits[place] ?? 0;
  const sizes = table.sizes[place] ?? 0;
  const tcpHeaderLength = ((sizes >> 8) & 0x0f) * 4;
  const isCut = (traits & TRAIT_CUT) !== 0;
  const layout = readOptions(table.header(place), isCut);
  const ipVersion = (traits & TRAIT_IPV6) === 0 ? 4 : 6;
  const extensions = table.extensions(place);
  const framing = (traits >> TRAIT_FRAMING_SHIFT) & 3;
  return {
    ipVersion,
    traits,
    initialTtl: INITIAL_TTLS[(traits >> TRAIT_TTL_SHIFT) & 3] ?? 0,
    lowestTtl: table.lowestTtl[place] ?? 0,
    highestTtl: table.highestTtl[place] ?? 0,
    ipOptionsLength: ipVersion === 4 ? (sizes & 0x0f) * 4 - TCP_LENGTH : extensions.length,
    extensions,
    tcpHeaderLength,
    window: sizes >>> 16,
    layout,
    quirks: [...headerQuirks(traits), ...layout.quirks],
    dontFragment: (traits & QUIRK_DF) !== 0,
    hasPayload: (traits & TRAIT_PAYLOAD) !== 0,
    isCut,
    vlanTags: framing === OTHER_FRAMING ? null : framing,
  };
}

/** The tuple in p0f's notation. The options end with "?" where the capture cut them. */
export function tupleText(tuple: Tuple): string {
  const { layout } = tuple;
  const options = tuple.isCut ? [...layout.names, "?"] : layout.names;
  return [
    tuple.ipVersion,
    tuple.initialTtl,
    tuple.ipOptionsLength,
    layout.mss ?? 0,
    `${tuple.window},${layout.scale ?? 0}`,
    options.join(","),
    tuple.quirks.join(","),
    tuple.hasPayload ? "+" : "0",
  ].join(":");
}
