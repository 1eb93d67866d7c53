/** Sending at top speed: by live frames, and not by the packet socket that stands in for them. */
import { deepEqual, equal } from "node:assert/strict";
import { ethernet, ipv4, tcp } from "../../support/frames.ts";
import { captureWhile, sendFrames } from "../lib/capturing.ts";
import { makePair, receiver } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";

const COUNT = 20_000;
const DIFFERENT = 50;

export const send: Job = {
  name: "send",
  async run(checks) {
    await makePair();
    const frames = Array.from({ length: DIFFERENT }, (_, sequence) =>
      ethernet({ payload: ipv4({ payload: tcp({ sequence }) }) }),
    );
    await checks.check(`${COUNT} live frames are sent, and arrive as they are`, async () => {
      let sent = 0;
      const options = { interfaces: [receiver], hook: "xdp-native" } as const;
      const captured = await captureWhile(options, COUNT, async () => {
        const report = await sendFrames(frames, { engine: "auto", loop: 0, count: COUNT });
        equal(report.engine, "xdp");
        sent = report.frames.sent;
      });
      equal(sent, COUNT);
      const { seen, matched, written, ringDropped } = { written: captured.frames.length, ...captured.counters };
      deepEqual({ seen, matched, ringDropped }, { seen: COUNT, matched: COUNT, ringDropped: 0 });
      equal(written, COUNT);
      const expected = new Set(frames.map((frame) => Buffer.from(frame).toString("hex")));
      deepEqual(
        captured.frames.filter((frame) => !expected.has(frame)),
        [],
      );
    });
    await checks.check("live frames with random sources carry right checksums", async () => {
      const options = { interfaces: [receiver], hook: "xdp-native" } as const;
      const captured = await captureWhile(options, DIFFERENT, async () => {
        const report = await sendFrames(frames, { engine: "auto", vary: ["src-ip", "src-port"] });
        equal(report.engine, "xdp");
      });
      equal(captured.frames.length, DIFFERENT);
      deepEqual(
        captured.frames.filter((frame) => !isIpv4ChecksumRight(Buffer.from(frame, "hex"))),
        [],
      );
    });
  },
};

const ETHERNET_HEADER_LENGTH = 14;
const IPV4_HEADER_LENGTH = 20;

/** RFC 791, section 3.1: the sum of all words in one's complement is 0xffff. */
function isIpv4ChecksumRight(frame: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < IPV4_HEADER_LENGTH; at += 2) sum += frame.readUInt16BE(ETHERNET_HEADER_LENGTH + at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}
