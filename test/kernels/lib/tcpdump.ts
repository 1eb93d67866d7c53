/** tcpdump beside a capture, as a judge of what came. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { PcapParser } from "../../../src/pcap-parser/index.ts";
import { until } from "./until.ts";

/** Its ring has room for 32 packets of the length that it takes by default. */
const SNAPSHOT_LENGTH = ["-s", "2048"];
const PATH = "/tmp/tcpdump.pcap";

/** What a capture file holds so far, in hexadecimal. */
function framesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const parser = new PcapParser();
  parser.push(readFileSync(path));
  const frames: string[] = [];
  for (let batch = parser.next(); batch !== undefined; batch = parser.next()) {
    for (const { data } of batch) frames.push(Buffer.from(data).toString("hex"));
  }
  return frames;
}

export interface Tcpdump {
  /** Waits until so many frames came, ends it, and returns all, in hexadecimal. */
  frames(count: number): Promise<string[]>;
}

/** Resolves once it captures. */
export async function startTcpdump(device: string, expression = ""): Promise<Tcpdump> {
  rmSync(PATH, { force: true });
  const words = [
    "-i",
    device,
    "-n",
    "-U",
    "--immediate-mode",
    ...SNAPSHOT_LENGTH,
    "-Z",
    "root",
    "-w",
    PATH,
    expression,
  ];
  const child = spawn("tcpdump", words, { stdio: ["ignore", "ignore", "pipe"] });
  const closed = once(child, "close");
  let messages = "";
  child.stderr.on("data", (chunk: Buffer) => {
    messages += chunk;
  });
  await until("tcpdump listens", () => {
    if (child.exitCode !== null) throw new Error(`tcpdump ended: ${messages}`);
    return messages.includes("listening on") || undefined;
  });
  return {
    frames: async (count) => {
      try {
        await until(`tcpdump has ${count} packets`, () => framesIn(PATH).length >= count || undefined);
      } finally {
        child.kill("SIGINT");
        await closed;
      }
      return framesIn(PATH);
    },
  };
}
