/**
 * One question to several judges: which packets of a capture match? Packets are told apart by their time stamps: the
 * combined capture numbers them, packet n has the time n seconds.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReplayOptions } from "../../src/replay/options.ts";
import { type FixturePacket, writePcap } from "./pcap-fixture.ts";

export const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
export const corpus = process.env.RINGCAP_CORPUS ?? fileURLToPath(new URL("../../../shared/corpus", import.meta.url));

export interface NumberedPacket extends FixturePacket {
  /** "file.pcap 3" */
  readonly origin: string;
}

/** Readable classic pcap files of the link types, each packet with its origin. Files that are broken are left out. */
export function collectPackets(directories: readonly string[], linkTypes: readonly number[]): NumberedPacket[] {
  const packets: NumberedPacket[] = [];
  for (const path of directories.flatMap(pcapFiles)) {
    const bytes = readFileSync(path);
    const magic = bytes.length < 24 ? 0 : bytes.readUInt32LE(0);
    const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
    if (!little && magic !== 0xd4c3b2a1 && magic !== 0x4d3cb2a1) continue;
    const u32 = (offset: number) => (little ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset));
    if (!linkTypes.includes(u32(20) & 0xffff)) continue;
    let offset = 24;
    for (let number = 1; offset + 16 <= bytes.length; number++) {
      const capturedLength = u32(offset + 8);
      if (capturedLength > 262_144 || offset + 16 + capturedLength > bytes.length) break;
      packets.push({
        origin: `${path.slice(path.lastIndexOf("/") + 1)} ${number}`,
        data: bytes.subarray(offset + 16, offset + 16 + capturedLength),
        originalLength: u32(offset + 12),
      });
      offset += 16 + capturedLength;
    }
  }
  return packets;
}

function pcapFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(".pcap"))
      .sort()
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

export function writeNumbered(path: string, packets: readonly NumberedPacket[], linkType: number): void {
  const numbered = packets.map((packet, index) => ({ ...packet, timestamp: BigInt(index + 1) * 1_000_000_000n }));
  writePcap(path, numbered, linkType);
}

export type Replay = (file: string, options: ReplayOptions) => Promise<AsyncIterable<Iterable<{ timestamp: bigint }>>>;

/** Numbers of the packets that a replay gives. */
export async function matchedBy(replay: Replay, path: string, options: ReplayOptions): Promise<number[]> {
  const numbers: number[] = [];
  for await (const batch of await replay(path, options)) {
    for (const { timestamp } of batch) numbers.push(Number(timestamp / 1_000_000_000n));
  }
  return numbers;
}

/** Numbers of the packets that `tcpdump -r` keeps. */
export function matchedByTcpdump(path: string, expression: string): number[] {
  const output = execFileSync("tcpdump", ["-r", path, "-w", "-", expression], {
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
  const numbers: number[] = [];
  for (let offset = 24; offset < output.length; offset += 16 + output.readUInt32LE(offset + 8)) {
    numbers.push(output.readUInt32LE(offset));
  }
  return numbers;
}

/** Numbers of the packets that a display filter keeps. */
export function matchedByTshark(path: string, displayFilter: string): number[] {
  const preferences = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE"];
  const output = execFileSync(
    "tshark",
    [
      ...["-n", "-r", path, "-Y", displayFilter, "-T", "fields", "-e", "frame.number"],
      ...preferences.flatMap((preference) => ["-o", preference]),
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 },
  );
  return output.split("\n").filter(Boolean).map(Number);
}
