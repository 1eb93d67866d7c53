/** Expressions on an interface with a VLAN device, whose tags lie beside the frames, at TC and live in tcpdump. */
import { deepEqual, equal } from "node:assert/strict";
import { alsoBehindTag } from "../../../src/capture/vlan-note.ts";
import { concatenate, ethernet, icmp, ipv4, tcp, u16 } from "../../support/frames.ts";
import { runOrFail } from "../../support/run.ts";
import { captureWhile, sendFrames } from "../lib/capturing.ts";
import { loadModule, loadTcModules, makePair, receiver, sender } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";
import { startTcpdump } from "../lib/tcpdump.ts";

const VLAN = 5;
const echo = ethernet({ payload: ipv4({ payload: icmp() }) });
const segment = ethernet({ payload: ipv4({ payload: tcp() }) });
/** Sent as they are, and by the VLAN device, which puts a tag beside each. */
const untagged = [echo, echo, echo, segment];
const forDevice = [echo, echo, echo, echo, segment, segment];
const tagged = forDevice.map((frame) => concatenate(frame.subarray(0, 12), u16(0x8100), u16(VLAN), frame.subarray(12)));
const hex = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame).toString("hex"));

const isEcho = (frame: Uint8Array) => frame === echo;
/** Each with what it chooses of the frames as they are on the wire, and of them as tcpdump has them live. */
const questions = [
  [
    "icmp",
    hex([echo, echo, echo]),
    hex([echo, echo, echo, ...tagged.filter((_, index) => isEcho(forDevice[index] ?? segment))]),
  ],
  [
    "not icmp",
    hex([segment, ...tagged]),
    hex([segment, ...tagged.filter((_, index) => !isEcho(forDevice[index] ?? echo))]),
  ],
] as const;

const places = [
  { device: receiver, direction: "in" },
  { device: sender, direction: "out" },
] as const;

async function sendAll(): Promise<void> {
  await sendFrames(untagged);
  await sendFrames(forDevice, { interface: `${sender}.${VLAN}` });
}

export const vlans: Job = {
  name: "vlans",
  async run(checks) {
    await makePair();
    await loadTcModules();
    await loadModule("8021q");
    for (const device of [receiver, sender]) {
      const name = `${device}.${VLAN}`;
      await runOrFail("ip", ["link", "add", "link", device, "name", name, "type", "vlan", "id", String(VLAN)]);
      await runOrFail("ip", ["link", "set", name, "arp", "off", "up"]);
    }
    const count = untagged.length + forDevice.length;
    for (const { device, direction } of places) {
      for (const [question, onWire, live] of questions) {
        await checks.check(
          `${direction}: "${question}" is as on the wire, and a note says what is as in tcpdump`,
          async () => {
            const notes: string[] = [];
            const capture = (expression: string) =>
              captureWhile(
                {
                  ...{ interfaces: [device], hook: "tc", direction, snapshotLength: 0, filter: { expression } },
                  // Of what goes out there is a note besides, about checksums.
                  onNote: (note) => void (note.includes("VLAN") && notes.push(note)),
                },
                count,
                sendAll,
              );
            const judge = await startTcpdump(receiver, question);
            deepEqual((await capture(question)).frames, onWire);
            deepEqual(await judge.frames(live.length), live);
            const expression = alsoBehindTag(question);
            deepEqual(notes, [
              `${device} carries VLANs (${device}.${VLAN}), but the expression does not look behind tags: for packets with one, type '${expression}'`,
            ]);
            deepEqual((await capture(expression)).frames, live);
            equal(notes.length, 1);
          },
        );
      }
    }
    for (const device of [receiver, sender]) await runOrFail("ip", ["link", "delete", `${device}.${VLAN}`]);
  },
};
