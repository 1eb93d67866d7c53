/**
 * One question to several judges: which packets of a capture match? Packets are told apart by their time stamps: the
 * combined capture numbers them, packet n has the time n seconds.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ReplayOptions } from "../../src/replay/options.ts";
import { type FixturePacket, writePcap } from "./pcap-fixture.ts";

export const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
export const corpus = process.env.RINGCAP_CORPUS ?? fileURLToPath(new URL("../../../shared/corpus", import.meta.url));

export interface NumberedPacket extends FixturePacket {
  /** "file.pcap 3" */
  readonly origin: string;
}

/** A capture file that can be had as pcap. */
export interface ReadableCapture {
  readonly path: string;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly packets: readonly NumberedPacket[];
}

/**
 * The captures of the directories: pcap, pcapng and gzip. What is not pcap is rewritten by editcap, which can if it has one
 * link type. Files that are broken are left out, or end where they break.
 */
export function readCaptures(directories: readonly string[]): ReadableCapture[] {
  const captures: ReadableCapture[] = [];
  for (const path of directories.flatMap(captureFiles)) {
    const bytes = path.endsWith(".pcap") ? readFileSync(path) : rewritten(path);
    const capture = bytes === undefined ? undefined : readPcap(path, bytes);
    if (capture !== undefined) captures.push(capture);
  }
  return captures;
}

function readPcap(path: string, bytes: Buffer): ReadableCapture | undefined {
  const magic = bytes.length < 24 ? 0 : bytes.readUInt32LE(0);
  const isNano = [0xa1b23c4d, 0x4d3cb2a1].includes(magic);
  const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  if (!little && magic !== 0xd4c3b2a1 && !isNano) return undefined;
  const u32 = (offset: number) => (little ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset));
  const packets: NumberedPacket[] = [];
  let offset = 24;
  for (let number = 1; offset + 16 <= bytes.length; number++) {
    const capturedLength = u32(offset + 8);
    if (capturedLength > 262_144 || offset + 16 + capturedLength > bytes.length) break;
    packets.push({
      origin: `${path.slice(path.lastIndexOf("/") + 1)} ${number}`,
      timestamp: BigInt(u32(offset)) * 1_000_000_000n + BigInt(u32(offset + 4) * (isNano ? 1 : 1000)),
      data: bytes.subarray(offset + 16, offset + 16 + capturedLength),
      originalLength: u32(offset + 12),
    });
    offset += 16 + capturedLength;
  }
  return { path, linkType: u32(20) & 0xffff, packets };
}

function rewritten(path: string): Buffer | undefined {
  try {
    return execFileSync("editcap", ["-F", "nsecpcap", path, "-"], {
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });
  } catch {
    return undefined;
  }
}

function captureFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => /\.(pcap|pcapng)(\.gz)?$/.test(name));
  return names.sort().map((name) => join(directory, name));
}

export function writeNumbered(path: string, packets: readonly NumberedPacket[], linkType: number): void {
  const numbered = packets.map((packet, index) => ({ ...packet, timestamp: BigInt(index + 1) * 1_000_000_000n }));
  writePcap(path, numbered, linkType);
}

export interface ReplayedPacket {
  readonly timestamp: bigint;
  readonly originalLength: number;
  readonly data: Uint8Array;
}

export type Replay = (file: string, options: ReplayOptions) => Promise<AsyncIterable<Iterable<ReplayedPacket>>>;

const execute = promisify(execFile);

/** Numbers of the packets that a replay gives. */
export async function matchedBy(replay: Replay, path: string, options: ReplayOptions): Promise<number[]> {
  const numbers: number[] = [];
  for await (const batch of await replay(path, options)) {
    for (const { timestamp } of batch) numbers.push(Number(timestamp / 1_000_000_000n));
  }
  return numbers;
}

/** Numbers of the packets that `tcpdump -r` keeps. */
export async function matchedByTcpdump(path: string, expression: string): Promise<number[]> {
  const { stdout: output } = await execute("tcpdump", ["-r", path, "-w", "-", expression], {
    encoding: "buffer",
    maxBuffer: 1 << 28,
  });
  const numbers: number[] = [];
  for (let offset = 24; offset < output.length; offset += 16 + output.readUInt32LE(offset + 8)) {
    numbers.push(output.readUInt32LE(offset));
  }
  return numbers;
}
