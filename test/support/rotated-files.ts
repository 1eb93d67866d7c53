/** The files of a rotated capture. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { capinfos } from "./pcap-fixture.ts";

/** Packets in all files together, as capinfos counts them. */
export async function packetsIn(paths: readonly string[]): Promise<number> {
  let sum = 0;
  for (const path of paths) sum += (await capinfos(path)).packets;
  return sum;
}

/** Bytes of the files of a directory, of one with two names once. */
export function sizeOf(directory: string): number {
  const files = readdirSync(directory).map((name) => statSync(join(directory, name), { throwIfNoEntry: false }));
  const sizes = new Map(files.flatMap((file) => (file === undefined ? [] : [[file.ino, file.size] as const])));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
