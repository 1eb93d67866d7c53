/** What Wireshark's library and libpcap read in a capture. They rewrite it as pcap, which is read here in fifteen lines. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Each packet as "time in nanoseconds, original length, bytes"; undefined if the file is refused. */
export type Reading = readonly string[] | undefined;

/**
 * What editcap reads in each file, by its path. It reads through the same library as tshark, at a tenth of the time. One
 * shell starts it for all files: starting a process from Node.js takes longer than editcap does.
 */
export function readAllWithEditcap(paths: readonly string[], directory: string): ReadonlyMap<string, Reading> {
  const loop = `number=0; for path; do
    editcap -F nsecpcap "$path" $number.pcap 2>/dev/null || rm -f $number.pcap
    number=$((number + 1))
  done`;
  execFileSync("sh", ["-c", loop, "sh", ...paths.map((path) => resolve(path))], { cwd: directory });
  return new Map(
    paths.map((path, number): [string, Reading] => {
      const rewritten = join(directory, `${number}.pcap`);
      return [path, existsSync(rewritten) ? packetsOf(readFileSync(rewritten), 1n) : undefined];
    }),
  );
}

export function readWithTcpdump(path: string): Reading {
  return readRewritten("tcpdump", ["-r", path, "-w", "-"], 1000n);
}

function readRewritten(command: string, args: readonly string[], unit: bigint): Reading {
  let file: Buffer;
  try {
    file = execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
  } catch {
    return undefined;
  }
  return packetsOf(file, unit);
}

function packetsOf(file: Buffer, unit: bigint): string[] {
  const lines: string[] = [];
  for (let at = 24; at < file.length; ) {
    const time = BigInt(file.readUInt32LE(at)) * 1_000_000_000n + BigInt(file.readUInt32LE(at + 4)) * unit;
    const end = at + 16 + file.readUInt32LE(at + 8);
    lines.push(`${time} ${file.readUInt32LE(at + 12)} ${file.toString("hex", at + 16, end)}`);
    at = end;
  }
  return lines;
}

interface TsharkLayers {
  readonly frame_raw?: string;
  readonly frame: Readonly<Record<string, string | undefined>>;
}

/** Every row with an interface: tshark counts custom blocks as packets, but without one. */
export function readPcapngWithTshark(path: string): Reading {
  const fields = "frame frame.time_epoch frame.cap_len frame.len frame.interface_id";
  let output: string;
  try {
    const args = ["-n", "-r", path, "-T", "ek", "-x", "-j", fields];
    output = execFileSync("tshark", args, {
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
      encoding: "utf8",
    });
  } catch {
    return undefined;
  }
  const packets = output
    .split("\n")
    .filter((line) => line.includes('"layers"'))
    .map((line) => (JSON.parse(line) as { layers: TsharkLayers }).layers)
    .filter(({ frame }) => JSON.stringify(frame).includes("interface_id"));
  return packets.map(({ frame, frame_raw: hex = "" }) => {
    const [seconds = "0", fraction = ""] = (frame.frame_frame_time_epoch ?? "0").split(".");
    return `${BigInt(seconds + fraction.padEnd(9, "0"))} ${frame.frame_frame_len} ${hex}`;
  });
}
