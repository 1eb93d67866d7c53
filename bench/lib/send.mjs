// Sends what standard input asks for out of v1, at full speed: one line with the runs, and one to start. Answers
// "ready", and at the end the seconds it took, and those of its own user time.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { listInterfaces } from "../../dist/native/system.js";
import { FrameSender } from "../../scripts/lib/frame-sender.mjs";

const lines = createInterface({ input: process.stdin });
const [text] = await once(lines, "line");
/** @type {{ cycle: { frame: string, count: number, vary: boolean }[], cycles: number }} */
const { cycle, cycles } = JSON.parse(text);
const v1 = listInterfaces().find(({ name }) => name === "v1");
if (v1 === undefined) throw new Error("there is no v1 in this namespace");
const interfaceIndex = v1.index;
const runs = cycle.map(({ frame, count, vary }) => ({
  frame: Buffer.from(frame, "base64"),
  count,
  sender: new FrameSender({ interfaceIndex, varySourceAddress: vary, varySourcePort: vary }),
}));
process.stdout.write("ready\n");
await once(lines, "line");
const before = process.cpuUsage();
const start = process.hrtime.bigint();
for (let i = 0; i < cycles; i++) {
  for (const { sender, frame, count } of runs) sender.send(frame, count);
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const userSeconds = process.cpuUsage(before).user / 1e6;
process.stdout.write(`${JSON.stringify({ seconds, userSeconds })}\n`);
lines.close();
