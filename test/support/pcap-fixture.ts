/**
 * Capture files for tests: a writer that shares nothing with src, and readers that are other people's programs, so that
 * neither repeats a mistake of ours.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { buffer, text } from "node:stream/consumers";
import { run, runOrFail } from "./run.ts";

export interface FixturePacket {
  readonly data: Uint8Array;
  /** Nanoseconds since the epoch, a multiple of 1000. Default: 2024-01-01 plus one millisecond for each packet before. */
  readonly timestamp?: bigint;
  /** Bytes on the wire, if the data is cut. */
  readonly originalLength?: number;
}

const firstTimestamp = 1_704_067_200_000_000_000n;

/** A classic pcap file, version 2.4: little-endian, microseconds, snapshot length 262144. */
export function writePcap(path: string, packets: readonly FixturePacket[], linkType = 1): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(linkType, 20);
  const parts: Uint8Array[] = [header];
  for (const [index, packet] of packets.entries()) {
    const timestamp = packet.timestamp ?? firstTimestamp + BigInt(index) * 1_000_000n;
    if (timestamp % 1000n !== 0n) {
      throw new Error(`packet ${index + 1}: a pcap of microseconds cannot hold the time ${timestamp} ns`);
    }
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Number(timestamp / 1_000_000_000n), 0);
    record.writeUInt32LE(Number((timestamp % 1_000_000_000n) / 1000n), 4);
    record.writeUInt32LE(packet.data.length, 8);
    record.writeUInt32LE(packet.originalLength ?? packet.data.length, 12);
    parts.push(record, packet.data);
  }
  writeFileSync(path, Buffer.concat(parts));
}

export interface ReadPacket {
  /** From 1. */
  readonly number: number;
  readonly timestampNanoseconds: bigint;
  readonly capturedLength: number;
  readonly originalLength: number;
  readonly data: Uint8Array;
  /** `data` in hexadecimal: what a failed comparison shows best. */
  readonly hex: string;
}

/**
 * Every packet of a pcap or pcapng file of one link type as Wireshark's library sees it: editcap, which starts in a
 * fiftieth of tshark's time, rewrites it as the plainest pcap.
 */
export async function readPcapWithEditcap(path: string): Promise<ReadPacket[]> {
  const child = spawn("editcap", ["-F", "nsecpcap", path, "-"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  // It ends with 0 after a file that is cut short, and only says so.
  if (code !== 0 || stderr !== "") throw new Error(`editcap cannot read ${path}: ${stderr}`);
  const packets: ReadPacket[] = [];
  for (let at = 24; at < stdout.length; ) {
    const capturedLength = stdout.readUInt32LE(at + 8);
    const data = Uint8Array.from(stdout.subarray(at + 16, at + 16 + capturedLength));
    packets.push({
      number: packets.length + 1,
      timestampNanoseconds: BigInt(stdout.readUInt32LE(at)) * 1_000_000_000n + BigInt(stdout.readUInt32LE(at + 4)),
      capturedLength,
      originalLength: stdout.readUInt32LE(at + 12),
      data,
      hex: Buffer.from(data).toString("hex"),
    });
    at += 16 + capturedLength;
  }
  return packets;
}

/** "1.5" seconds as 1500000000n. */
function nanoseconds(seconds: string): bigint {
  const [whole = "0", fraction = ""] = seconds.split(".");
  return BigInt(whole + fraction.padEnd(9, "0"));
}

export interface CaptureInformation {
  /** As capinfos names it: "pcap", "pcapng", "nsecpcap". */
  readonly fileType: string;
  /** As capinfos names it: "ether", "rawip". */
  readonly encapsulation: string;
  /** Digits of a second: 6 or 9. */
  readonly timestampDigits: number;
  /** Of the file header; undefined in a pcapng. */
  readonly snapshotLength: number | undefined;
  readonly packets: number;
  readonly fileSize: number;
  /** Sum of the original lengths. */
  readonly dataSize: number;
  /** Undefined in a file without packets; wrong beyond 2038, where capinfos 4.0 takes the seconds for signed. */
  readonly firstPacketNanoseconds: bigint | undefined;
  readonly lastPacketNanoseconds: bigint | undefined;
  readonly strictTimeOrder: boolean;
}

export async function capinfos(path: string): Promise<CaptureInformation> {
  const { stdout } = await runOrFail("capinfos", ["-M", "-S", path], { env: { ...process.env, LC_ALL: "C" } });
  const optional = (label: string, pattern: string) =>
    new RegExp(`^${label}: +(?:.*?)(${pattern})`, "m").exec(stdout)?.[1];
  const required = (label: string, pattern: string) => {
    const value = optional(label, pattern);
    if (value === undefined) {
      throw new Error(`capinfos says nothing of "${label}":\n${stdout}`);
    }
    return value;
  };
  const time = (label: string) => {
    const seconds = optional(label, "[0-9]+\\.[0-9]+");
    return seconds === undefined ? undefined : nanoseconds(seconds);
  };
  const limit = optional("Packet size limit", "[0-9]+ bytes");
  return {
    fileType: required("File type", "\\S+"),
    encapsulation: required("File encapsulation", "\\S+"),
    timestampDigits: Number(/\d+/.exec(required("File timestamp precision", "\\(\\d+\\)"))?.[0]),
    snapshotLength: limit === undefined ? undefined : Number.parseInt(limit, 10),
    packets: Number(required("Number of packets", "[0-9]+")),
    fileSize: Number(required("File size", "[0-9]+")),
    dataSize: Number(required("Data size", "[0-9]+")),
    firstPacketNanoseconds: time("First packet time"),
    lastPacketNanoseconds: time("Last packet time"),
    strictTimeOrder: required("Strict time order", "True|False") === "True",
  };
}

/** What the readers say when nothing is wrong. */
const harmless = [/^reading from file .*, link-type /, /^Running as user "root" and group "root"\. /, /^$/];

/**
 * What capinfos, tshark and tcpdump complain of in a file: one line each, "tool: text". Empty when all read it cleanly.
 * tshark prints no packets, for which it would take ten seconds on the file of a flood; of the file it says the same.
 */
export async function readableByAll(path: string): Promise<string[]> {
  const readers: readonly (readonly [string, readonly string[]])[] = [
    ["capinfos", [path]],
    ["tshark", ["-n", "-q", "-r", path]],
    ["tcpdump", ["-nn", "-r", path]],
  ];
  const complaints = readers.map(async ([tool, args]) => {
    const { code, signal, stderr } = await run(tool, args);
    const lines = stderr.split("\n").filter((line) => !harmless.some((pattern) => pattern.test(line)));
    if (code !== 0) lines.push(signal ?? `exit code ${code}`);
    return lines.map((line) => `${tool}: ${line}`);
  });
  return (await Promise.all(complaints)).flat();
}
