/** Puts files into the order in which they were captured. */
import { openCapture } from "../../pcap-parser/index.ts";
import type { OpenedFile } from "./opened-file.ts";

/**
 * The files in the order of their first packets' times. What has none, or whose first packet cannot be found without
 * taking it away from the reading, such as a pipe, follows in the order in which it was given.
 */
export async function inOrder(files: readonly OpenedFile[]): Promise<OpenedFile[]> {
  if (files.length < 2) return [...files];
  const timed: { readonly file: OpenedFile; readonly time: bigint | undefined }[] = [];
  for (const file of files) timed.push({ file, time: await firstTime(file).catch(() => undefined) });
  const known = timed.filter(({ time }) => time !== undefined);
  known.sort((one, other) => Number((one.time ?? 0n) - (other.time ?? 0n)));
  return [...known, ...timed.filter(({ time }) => time === undefined)].map(({ file }) => file);
}

/** Nanoseconds since the epoch. @throws RingcapError INPUT for what is broken before it */
async function firstTime(file: OpenedFile): Promise<bigint | undefined> {
  if (file.size === undefined) return undefined;
  const capture = await openCapture(file.head(), { name: file.name });
  for await (const batch of capture) {
    for (const { hasTimestamp, timestamp } of batch) if (hasTimestamp) return timestamp;
  }
  return undefined;
}

/** The files without those that were named before, also by another name. */
export function withoutDuplicates(files: readonly OpenedFile[]): {
  readonly once: OpenedFile[];
  readonly again: OpenedFile[];
} {
  const seen = new Set<string>();
  const [once, again]: [OpenedFile[], OpenedFile[]] = [[], []];
  for (const file of files) {
    (seen.has(file.identity) ? again : once).push(file);
    seen.add(file.identity);
  }
  return { once, again };
}
