// What the demo's network sees: a SYN flood from spoofed sources, three hosts that flood on their own account, and traffic
// that is no SYN at all.

import { listInterfaces } from "../../dist/native/system.js";
import { FrameSender } from "./frame-sender.mjs";
import { tcpFrame, udpFrame } from "./frames.mjs";

const destination = "198.18.0.2";
const ACK = 0x10;
const RST = 0x04;
// Each call of send() costs some 25 ms, however few frames it sends.
const rounds = 8;

const v1 = listInterfaces().find(({ name }) => name === "v1");
if (v1 === undefined) throw new Error("there is no v1 in this namespace");
const spoofing = new FrameSender({ interfaceIndex: v1.index, varySourceAddress: true, varySourcePort: true });
const plain = new FrameSender({ interfaceIndex: v1.index, varySourcePort: true });

const hosts = ["203.0.113.7", "203.0.113.66", "198.51.100.23"];
const traffic = [
  { sender: spoofing, count: 25_000, frame: tcpFrame({ source: "192.0.2.1", destination, port: 80 }) },
  { sender: spoofing, count: 9_000, frame: tcpFrame({ source: "192.0.2.1", destination, port: 443 }) },
  ...hosts.map((source, index) => {
    return { sender: plain, count: 1_900 - 600 * index, frame: tcpFrame({ source, destination, port: 80 }) };
  }),
  {
    sender: plain,
    count: 12_000,
    frame: tcpFrame({ source: "192.0.2.9", destination, port: 80, flags: ACK, payload: 200 }),
  },
  { sender: plain, count: 1_900, frame: tcpFrame({ source: "192.0.2.9", destination, port: 443, flags: RST }) },
  { sender: plain, count: 1_200, frame: tcpFrame({ source: "192.0.2.9", destination, port: 22 }) },
  { sender: plain, count: 6_000, frame: udpFrame({ source: "192.0.2.53", destination, port: 443, payload: 120 }) },
];

let sent = 0;
for (let round = 0; round < rounds; round++) {
  for (const { sender, count, frame } of traffic) {
    sender.send(frame, count);
    sent += count;
  }
}
process.stdout.write(`sent ${sent.toLocaleString("en")} frames: SYNs among ACKs, RSTs, other ports and UDP\n`);
