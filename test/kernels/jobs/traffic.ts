/** Frames over a veth, captured at each hook and compared byte by byte with those that were sent and with tcpdump's. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { availableParallelism } from "node:os";
import type { CaptureOptions } from "../../../src/index.ts";
import { PcapngFileFormat } from "../../../src/outputs/index.ts";
import { knownMixture } from "../../support/known-mixture.ts";
import { captureWhile, sendFrames } from "../lib/capturing.ts";
import { makePair, receiver, sender } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";
import { startTcpdump } from "../lib/tcpdump.ts";

const SNAPSHOT_LENGTH = 60;
const HEXADECIMAL = 2;
/** Of VLANs: tcpdump asks about the frame without its tag where that lies beside it. */
const TAGS: readonly number[] = [0x8100, 0x88a8];

/** `device` is captured from. What comes in there was sent by the other end, what goes out by itself. */
const places: readonly (CaptureOptions & { readonly device: string })[] = [
  { device: receiver, hook: "xdp-native" },
  { device: receiver, hook: "xdp-generic" },
  { device: receiver, hook: "tc" },
  { device: sender, hook: "tc", direction: "out" },
  { device: receiver, hook: "tc", direction: "inout" },
];

const asBlocks = new PcapngFileFormat().needs;
const mixture = knownMixture();
const all = mixture.map(({ frame }) => Buffer.from(frame).toString("hex"));
const wanted = mixture.flatMap(({ wanted: isWanted }, index) => (isWanted ? [all[index] ?? ""] : []));

export const traffic: Job = {
  name: "traffic",
  async run(checks) {
    await makePair();
    const frames = mixture.map(({ frame }) => frame);
    for (const { device, ...place } of places) {
      const name = `${place.hook} ${place.direction ?? "in"}`;
      const options: CaptureOptions = { ...place, interfaces: [device], snapshotLength: 0 };
      await checks.check(`${name}: every frame, as tcpdump has it`, async () => {
        const judge = await startTcpdump(device);
        const captured = await captureWhile(options, all.length, () => sendFrames(frames));
        equal(captured.hook, place.hook);
        deepEqual(captured.frames, all);
        deepEqual(captured.frames, await judge.frames(all.length));
      });
      await checks.check(`${name}: every frame, in blocks of a pcapng file`, async () => {
        const captured = await captureWhile(options, all.length, () => sendFrames(frames), asBlocks);
        deepEqual(captured.frames, all);
      });
      await checks.check(`${name}: the SYNs to and from port 80`, async () => {
        const filter = { port: "80", tcpFlags: "syn,!ack" };
        const captured = await captureWhile({ ...options, filter }, all.length, () => sendFrames(frames));
        deepEqual(captured.frames, wanted);
        equal(captured.counters.matched, wanted.length);
      });
      await checks.check(`${name}: one frame in three, and two of them a second`, async () => {
        const thinned = { ...options, sample: 3, rateLimit: 2 };
        const { frames: kept, counters } = await captureWhile(thinned, all.length, () => sendFrames(frames));
        const { matched, sampledOut, rateLimited, delivered } = counters;
        equal(matched, all.length);
        equal(matched, sampledOut + rateLimited + delivered);
        equal(kept.length, delivered);
        // Each CPU takes every third of its own, and begins at a packet by chance.
        ok(Math.abs(delivered + rateLimited - matched / 3) <= availableParallelism());
        ok(delivered >= 2 && rateLimited > 0);
      });
      await checks.check(`${name}: an expression, cut to ${SNAPSHOT_LENGTH} bytes`, async () => {
        const untagged = frames.filter((frame) => !TAGS.includes(((frame[12] ?? 0) << 8) | (frame[13] ?? 0)));
        const cut = { ...options, snapshotLength: SNAPSHOT_LENGTH, filter: { expression: "tcp and not port 443" } };
        const judge = await startTcpdump(device, cut.filter.expression);
        const captured = await captureWhile(cut, untagged.length, () => sendFrames(untagged));
        const theirs = await judge.frames(captured.frames.length);
        deepEqual(
          captured.frames,
          theirs.map((frame) => frame.slice(0, SNAPSHOT_LENGTH * HEXADECIMAL)),
        );
      });
    }
    await checks.check("xdp-native with --action drop: what matched goes no further", async () => {
      const options = { interfaces: [receiver], hook: "xdp-native", action: "drop", filter: { port: "80" } } as const;
      const captured = await captureWhile({ ...options, snapshotLength: 0 }, all.length, async () => {
        const judge = await startTcpdump(receiver);
        await sendFrames(frames);
        const passed = await judge.frames(1);
        deepEqual(
          passed.filter((frame) => wanted.includes(frame)),
          [],
        );
      });
      deepEqual(
        captured.frames.filter((frame) => wanted.includes(frame)),
        wanted,
      );
    });
    await checks.check("both directions of one interface", async () => {
      const options = { interfaces: [receiver], hook: "tc", direction: "inout", snapshotLength: 0 } as const;
      const captured = await captureWhile(options, 2 * all.length, async () => {
        await sendFrames(frames);
        await sendFrames(frames, { interface: receiver });
      });
      deepEqual(captured.frames, [...all, ...all]);
    });
  },
};
