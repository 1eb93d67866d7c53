/** Sums up how much of what happened the files hold. */
import type { CaptureCounters } from "../../packets/captured.ts";
import type { PacketCounts } from "../counts/packet-counts.ts";
import { counted, percent, whole } from "../words/numbers.ts";
import type { CompletenessReport } from "./completeness.ts";
import type { FileReading } from "./file-reading.ts";

const MOST_MARKS = 200;

/** Numbers of packets; undefined where nothing is known of them. */
interface Losses {
  dropped: number | undefined;
  sampledOut: number | undefined;
  rateLimited: number | undefined;
}

/** @param live the counters of captures that were no files */
export function completenessOf(
  files: readonly FileReading[],
  live: readonly CaptureCounters[],
  counts: PacketCounts,
): CompletenessReport {
  const losses = lossesOf(files, live);
  const { dropped, sampledOut, rateLimited } = losses;
  const packets = files.reduce((sum, file) => sum + file.packets, 0) || counts.packets;
  const lost = (dropped ?? 0) + (sampledOut ?? 0) + (rateLimited ?? 0);
  const isKnown = dropped !== undefined || sampledOut !== undefined || rateLimited !== undefined;
  return {
    dropped: dropped ?? null,
    sampledOut: sampledOut ?? null,
    rateLimited: rateLimited ?? null,
    heldShare: isKnown && packets + lost > 0 ? packets / (packets + lost) : null,
    cutPackets: counts.cut,
    cutHeaders: counts.cutHeaders,
    outOfOrder: counts.outOfOrder,
    withoutTime: counts.withoutTime,
    marks: files
      .flatMap(({ marks }) => marks)
      .sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
      .slice(0, MOST_MARKS),
    sentences: [...sentencesOf(losses, packets), ...silenceOf(files, losses), ...sentencesOn(counts)],
  };
}

/** The statistics of a file tell its losses better than its packets, whose numbers include what was left out on purpose. */
function lossesOf(files: readonly FileReading[], live: readonly CaptureCounters[]): Losses {
  const losses: Losses = { dropped: undefined, sampledOut: undefined, rateLimited: undefined };
  const add = (key: keyof Losses, value: number | undefined) => {
    if (value !== undefined) losses[key] = (losses[key] ?? 0) + value;
  };
  for (const file of files) {
    add("dropped", droppedOf(file));
    add("sampledOut", file.leftOut?.sampledOut);
    add("rateLimited", file.leftOut?.rateLimited);
  }
  for (const { ringDropped, sampledOut, rateLimited } of live) {
    add("dropped", ringDropped);
    add("sampledOut", sampledOut);
    add("rateLimited", rateLimited);
  }
  return losses;
}

function droppedOf({ droppedByStatistics, lostBefore }: FileReading): number | undefined {
  return droppedByStatistics ?? lostBefore;
}

/** What some of several files tell of losses says nothing of the others. */
function silenceOf(files: readonly FileReading[], { dropped }: Losses): string[] {
  const silent = files.filter((file) => droppedOf(file) === undefined).length;
  if (dropped === undefined || silent === 0) return [];
  return [`${whole(silent)} of ${counted(files.length, "file")} ${silent === 1 ? "says" : "say"} nothing of losses.`];
}

function sentencesOf({ dropped, sampledOut, rateLimited }: Losses, packets: number): string[] {
  const share = (count: number) => percent(count / (packets + count));
  const sentences: string[] = [];
  if (dropped === undefined) sentences.push("Nothing says whether packets were lost while they were captured.");
  else if (dropped === 0) sentences.push("No packet was lost while packets were captured.");
  else sentences.push(`${were(dropped)} lost while packets were captured, ${share(dropped)} of all.`);
  if (sampledOut !== undefined && sampledOut > 0) {
    sentences.push(`Sampling left out ${counted(sampledOut, "packet")}, ${share(sampledOut)} of all.`);
  }
  if (rateLimited !== undefined && rateLimited > 0) {
    sentences.push(`A rate limit left out ${counted(rateLimited, "packet")}, ${share(rateLimited)} of all.`);
  }
  return sentences;
}

function sentencesOn({ packets, cut, cutHeaders, outOfOrder, withoutTime }: PacketCounts): string[] {
  const tell = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${whole(count)} of ${counted(packets, "packet")} ${count === 1 ? one : many}.`];
  return [
    ...tell(cut, "was cut at the snapshot length", "were cut at the snapshot length"),
    ...tell(cutHeaders, "has a header that was cut", "have headers that were cut"),
    ...tell(outOfOrder, "is earlier than the packet before it", "are earlier than the packet before them"),
    ...tell(withoutTime, "has no time, and is not part of the rates", "have no time, and are not part of the rates"),
  ];
}

function were(count: number): string {
  return `${counted(count, "packet")} ${count === 1 ? "was" : "were"}`;
}
