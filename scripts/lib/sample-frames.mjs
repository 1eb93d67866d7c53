// Frames with every header that is decoded, for fuzzing. What their checksums are does not matter there.
import { tcpFrame, udpFrame } from "./frames.mjs";

const MACS = "020000000002020000000001";
const IPV6_ADDRESSES = "20010db8000000000000000000000001" + "20010db8000000000000000000000002";

/** @param {number} nextHeader @param {string} payload in hexadecimal */
function ipv6(nextHeader, payload) {
  const length = (payload.length / 2).toString(16).padStart(4, "0");
  return `60000000${length}${nextHeader.toString(16).padStart(2, "0")}40${IPV6_ADDRESSES}${payload}`;
}

/** @param {string} etherType @param {string} payload in hexadecimal @param {string} [tags] */
function ethernet(etherType, payload, tags = "") {
  return Buffer.from(MACS + tags + etherType + payload, "hex");
}

/** @returns {Buffer[]} */
export function sampleFrames() {
  const ends = { source: "192.0.2.1", destination: "198.51.100.2", port: 80 };
  const tcpWithOptions =
    "04d200500000000100000000b002fffe00000000" + "020405b40402080a00000001000000000103030700000000";
  const hopByHop = "0600050200000100";
  const fragment = "1100000100000001";
  return [
    tcpFrame({ ...ends, payload: 20 }),
    udpFrame({ ...ends, port: 53, payload: 12 }),
    ethernet("86dd", ipv6(6, tcpWithOptions)),
    ethernet("86dd", ipv6(0, hopByHop + tcpWithOptions)),
    ethernet("86dd", ipv6(44, `${fragment}04d20035000c0000abcdef01`)),
    ethernet("86dd", ipv6(58, "8000000000010001616263")),
    ethernet("0806", "0001080006040001020000000001c0000201000000000000c0000202"),
    ethernet("0800", "4500001c0001000040010000c0000201c63364020800000000010001", "810000648100000a"),
    ethernet("0800", "4600002c0001000040060000c0000201c633640294040000" + "04d2005000000001000000005002fffe00000000"),
    ethernet(
      "0800",
      "450000300001000040840000c0000201c6336402" + "04d20e3c0000000000000000" + "0100001400000001" + "0000ffff00010001",
    ),
  ];
}
