// Sends so many SYNs out of v1 at full speed, and prints how long it took.
import { listInterfaces } from "../dist/libbpf/system.js";
import { FrameSender } from "../dist/send/frame-sender.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";

const v1 = listInterfaces().find(({ name }) => name === "v1");
if (v1 === undefined) throw new Error("there is no v1 in this namespace");
const frame = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });
const sender = new FrameSender({ interfaceIndex: v1.index, varySourceAddress: true, varySourcePort: true });
const nanoseconds = sender.send(frame, Number(process.argv[2]));
process.stdout.write(`${JSON.stringify({ seconds: nanoseconds / 1e9 })}\n`);
