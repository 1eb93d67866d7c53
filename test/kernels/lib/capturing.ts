/** Captures in this process, and frames sent to be captured. */
import { rmSync } from "node:fs";
import { CaptureSession, planCapture, startCapture } from "../../../src/capture/index.ts";
import { type CaptureOptions, capture } from "../../../src/index.ts";
import type { SinkNeeds } from "../../../src/pipeline/sink.ts";
import { type SendOptions, type SendReport, send } from "../../../src/send/index.ts";
import { writePcap } from "../../support/pcap-fixture.ts";
import { sender } from "./guest.ts";
import { until } from "./until.ts";

export interface Captured {
  readonly hook: string | undefined;
  /** In hexadecimal, as they came. */
  readonly frames: readonly string[];
  readonly counters: ReturnType<Awaited<ReturnType<typeof capture>>["counters"]>;
}

/**
 * Captures while frames are sent, until the programs have seen so many.
 *
 * @param needs of a sink, where the layout of records is to be as it wants it
 */
export async function captureWhile(
  options: CaptureOptions,
  seen: number,
  act: () => Promise<unknown>,
  needs?: SinkNeeds,
): Promise<Captured> {
  const all = { bufferSize: 4, ...options };
  const session =
    needs === undefined ? await capture(all) : await startCapture(planCapture(all, needs), CaptureSession);
  const frames: string[] = [];
  const read = (async () => {
    for await (const batch of session) {
      for (const { data } of batch) frames.push(Buffer.from(data).toString("hex"));
    }
  })();
  try {
    await act();
    await until(`${seen} packets are seen`, () => session.counters().seen >= seen || undefined);
  } finally {
    session.requestStop();
    await read;
  }
  return { hook: session.interfaces[0]?.hook, frames, counters: session.counters() };
}

/** Sends frames from the sending interface by default. */
export async function sendFrames(
  frames: readonly Uint8Array[],
  options: Partial<SendOptions> = {},
): Promise<SendReport> {
  const path = `/tmp/frames-${frames.length}.pcap`;
  writePcap(
    path,
    frames.map((data) => ({ data })),
  );
  try {
    await using session = await send(path, { interface: sender, topspeed: true, engine: "socket", ...options });
    await session.run();
    return session.report();
  } finally {
    rmSync(path);
  }
}
