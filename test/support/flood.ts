/** Floods of SYNs, quicker than any program with a socket sends them. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { ethernet, ipv4, tcp } from "./frames.ts";
import type { TestNetwork } from "./network.ts";

export interface FloodOptions {
  /** How many. Default: until it is stopped. */
  readonly frames?: number;
  /** At most so many frames a second, a hundred portions of them. Default: as many as the sender can. */
  readonly perSecond?: number;
}

export interface Flood {
  /** Resolves when every frame is sent, or after stop(). Rejects with what went wrong. */
  readonly done: Promise<void>;
  /** Resolves as `done`. */
  stop(): Promise<void>;
}

const frameSender = fileURLToPath(new URL("../../scripts/lib/frame-sender.mjs", import.meta.url));

/** In portions, so that the end of its standard input is seen, which ends it. */
const program = `
import { readFileSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers/promises";
const [module, frame, device, frames, perSecond] = process.argv.slice(1);
const { FrameSender } = await import(module);
const interfaceIndex = Number(readFileSync("/sys/class/net/" + device + "/ifindex", "utf8"));
const sender = new FrameSender({ interfaceIndex, varySourcePort: true });
let left = Number(frames);
process.stdin.once("end", () => { left = 0; }).resume();
while (left > 0) {
  const portion = Math.min(left, 32_768, perSecond / 100);
  sender.send(Buffer.from(frame, "hex"), portion);
  left -= portion;
  await (perSecond === "Infinity" ? setImmediate() : setTimeout(10));
}
process.stdin.destroy();
`;

/**
 * Sends the same SYN from v1, of 60 bytes and with source ports at random. Killed at the end of the test. The receiving v0
 * takes it only with an XDP program or after takeFloods().
 */
export function startFlood(network: TestNetwork, options: FloodOptions = {}): Flood {
  const { frames = Number.POSITIVE_INFINITY, perSecond = Number.POSITIVE_INFINITY } = options;
  const syn = Buffer.alloc(60);
  syn.set(ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, flags: ["syn"] }) }) }));
  const [command = "", ...words] = network.commandIn("a");
  const script = ["--input-type=module", "--eval", program, frameSender];
  const child = spawn(command, [
    ...words,
    ...[process.execPath, ...script, syn.toString("hex"), network.sender, `${frames}`, `${perSecond}`],
  ]);
  let messages = "";
  child.stdin.on("error", () => {}); // it may have ended
  child.stderr.on("data", (chunk: Buffer) => {
    messages += chunk;
  });
  const done = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the flood ended (${signal ?? `exit code ${code}`}): ${messages}`));
    });
  });
  // Killed at the end of the test; what ended it before is for whoever wonders where the packets are.
  done.catch((error: Error) => child.signalCode !== "SIGKILL" && console.error(error.message));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await done.catch(() => {});
  });
  return {
    done,
    stop: () => {
      child.stdin.end();
      return done;
    },
  };
}

/**
 * Floods v0 until it has received so many frames: a veth whose CPU is busy drops what its ring of 256 frames does not hold
 * (drivers/net/veth.c, VETH_RING_SIZE), before any program. What takes floods must stay at v0 meanwhile.
 */
export async function floodWith(
  network: TestNetwork,
  frames: number,
  options: Pick<FloodOptions, "perSecond"> = {},
): Promise<void> {
  const before = await arrived(network);
  const flood = startFlood(network, options);
  await expect.poll(() => arrived(network)).toBeGreaterThanOrEqual(before + frames);
  await flood.stop();
}

/** Frames that v0 has received, whatever became of them. */
export async function arrived(network: TestNetwork): Promise<number> {
  const { stdout } = await network.exec("b", "cat", ["/proc/net/dev"]);
  const fields = /v0:(.*)/.exec(stdout)?.[1]?.trim().split(/\s+/) ?? [];
  return Number(fields[1]) + Number(fields[3]);
}

/** Makes v0 take floods without an XDP program (drivers/net/veth.c: with NAPI, which GRO turns on). */
export async function takeFloods(network: TestNetwork): Promise<void> {
  const { code, stderr } = await network.exec("b", "ethtool", ["-K", network.receiver, "gro", "on"]);
  if (code !== 0) throw new Error(stderr);
}
