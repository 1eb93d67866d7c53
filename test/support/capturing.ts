/** Captures of the command line into a file, from the first packet to the counters of the end. */
import { join } from "node:path";
import { expect } from "vitest";
import { type RingcapExit, type RunningRingcap, type RunSummary, startRingcap } from "./cli.ts";
import { ethernet, ipv4, tcp } from "./frames.ts";
import type { End, TestNetwork } from "./network.ts";
import { capinfos, type ReadPacket, readPcapWithEditcap } from "./pcap-fixture.ts";
import { temporaryDirectory } from "./temporary.ts";

export interface Captured {
  readonly path: string;
  readonly summary: RunSummary;
  readonly exit: RingcapExit;
  /** What editcap reads from the file. */
  readonly packets: readonly ReadPacket[];
}

export interface FileCapture {
  readonly path: string;
  readonly running: RunningRingcap;
  /** Ends the capture with SIGINT, unless it has ended, and reads the file. */
  finish(): Promise<Captured>;
  /** Waits for the end that the options bring about, and reads the file. */
  ended(): Promise<Captured>;
}

/** Starts `ringcap capture --json -w <file>` in a namespace; resolves once it captures. Only inside a test. */
export async function startFileCapture(
  network: TestNetwork,
  args: readonly string[],
  options: { readonly end?: End; readonly file?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<FileCapture> {
  const path = options.file ?? join(temporaryDirectory(), "capture.pcap");
  const prefix = network.commandIn(options.end ?? "b");
  const { env = {} } = options;
  const running = startRingcap(["capture", "--json", "-w", path, ...args], { prefix, env });
  await running.listening();
  const ended = async () => {
    const exit = await running.exit;
    return { path, exit, summary: await running.json(), packets: await readPcapWithEditcap(path) };
  };
  const finish = () => {
    running.child.kill("SIGINT");
    return ended();
  };
  return { path, running, finish, ended };
}

/** The right side of matched = sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed. */
export function accountedFor({ packets }: RunSummary): number {
  const { sampledOut, rateLimited, ringDropped, overLimit, written, writeFailed } = packets;
  return sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed;
}

/** That every packet which matched became what the counters say, and that no more matched than were seen. */
export function expectAddsUp(summary: RunSummary): void {
  expect(accountedFor(summary)).toBe(summary.packets.matched);
  expect(summary.packets.seen).toBeGreaterThanOrEqual(summary.packets.matched);
}

/** That a capture which nothing else ended in failure has exit code 1 where its ring had no room, and 0 otherwise. */
export function expectExitSaysLoss(exit: Pick<RingcapExit, "code" | "stderr">, { packets }: RunSummary): void {
  expect(exit.code, exit.stderr).toBe(packets.ringDropped > 0 ? 1 : 0);
  expect(packets).toMatchObject({ writeFailed: 0, overLimit: 0, written: packets.matched - packets.ringDropped });
}

export function hexOf(frames: readonly Uint8Array[]): string[] {
  return frames.map((frame) => Buffer.from(frame).toString("hex"));
}

export interface TcpdumpCapture {
  readonly path: string;
  /** Waits until tcpdump has so many packets, and reads its file. */
  packets(count: number): Promise<readonly ReadPacket[]>;
}

/** Starts tcpdump in a namespace; resolves once it captures. The network ends it. Only inside a test. */
export async function startTcpdump(network: TestNetwork, end: End, args: readonly string[]): Promise<TcpdumpCapture> {
  const path = join(temporaryDirectory(), "tcpdump.pcap");
  // As root to the end: tcpdump's own user may not write to the test's directory.
  // 512 packets: of the 2 MiB that are tcpdump's default each takes 64 KiB where segmentation is left to the device.
  const words = ["-Z", "root", "--immediate-mode", "-U", "-B", "32768", "-w", path, ...args];
  const child = network.spawn(end, "tcpdump", words);
  await new Promise<void>((resolve, reject) => {
    let messages = "";
    child.stderr.on("data", (chunk: Buffer) => {
      messages += chunk;
      if (messages.includes("listening on")) resolve();
    });
    child.once("close", () => reject(new Error(messages)));
  });
  const packets = async (count: number) => {
    await expect.poll(async () => (await capinfos(path)).packets).toBe(count);
    return readPcapWithEditcap(path);
  };
  return { path, packets };
}

/** TCP frames, no two the same. */
export function numberedFrames(count: number, destinationPort = 80): Uint8Array[] {
  return Array.from({ length: count }, (_, sequence) =>
    ethernet({ payload: ipv4({ payload: tcp({ sequence, destinationPort }) }) }),
  );
}

/** Runs ip(8) in a namespace. */
export async function ip(network: TestNetwork, end: End, words: string): Promise<string> {
  const { code, stdout, stderr } = await network.exec(end, "ip", words.split(" "));
  expect(code, `ip ${words}: ${stderr}`).toBe(0);
  return stdout;
}
