// Capture files with the headers of a flood and of the traffic beside it, for benchmarks of tables.
import { closeSync, openSync, writeSync } from "node:fs";

const HEADER_LENGTH = 24;
const FRAME_LENGTH = 60;
const RECORD_LENGTH = 16 + FRAME_LENGTH;
const PORTION = 16_384;
const NANOSECONDS = 0xa1b23c4d;
const PER_SECOND = 100_000;
const AT = {
  type: 16 + 12,
  length: 16 + 16,
  id: 16 + 18,
  ttl: 16 + 22,
  source: 16 + 26,
  destination: 16 + 30,
  transport: 16 + 34,
};
const SYN = 2;
const ACK = 16;

/**
 * Writes packets of 60 bytes, 100,000 a second: of 20 packets, 14 are SYNs from sources at random, 3 are answers of a
 * thousand reflectors over UDP, which were 1,400 bytes long, and 3 are data of five thousand clients over TCP.
 *
 * @param {string} path @param {{ packets: number, begin: number, seed: number }} options the first second since the epoch
 */
export function writeMixture(path, { packets, begin, seed }) {
  const fd = openSync(path, "w");
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32LE(NANOSECONDS, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  writeSync(fd, header);
  const portion = Buffer.alloc(RECORD_LENGTH * PORTION);
  for (let at = 0; at < portion.length; at += RECORD_LENGTH) {
    portion.writeUInt32LE(FRAME_LENGTH, at + 8);
    portion.writeUInt16BE(0x0800, at + AT.type);
    portion[at + AT.type + 2] = 0x45;
    portion.writeUInt32BE(0xc0000201, at + AT.destination);
  }
  const random = xorshift(seed);
  for (let written = 0; written < packets; ) {
    const count = Math.min(PORTION, packets - written);
    for (let index = 0; index < count; index++) {
      const number = written + index;
      const at = index * RECORD_LENGTH;
      portion.writeUInt32LE(begin + Math.floor(number / PER_SECOND), at);
      portion.writeUInt32LE((number % PER_SECOND) * 10_000 + (random() % 10_000), at + 4);
      portion.writeUInt16BE(random() & 0xffff, at + AT.id);
      writePacket(portion, at, random);
    }
    const bytes = count * RECORD_LENGTH;
    if (writeSync(fd, portion, 0, bytes) !== bytes) throw new Error(`${path}: a short write`);
    written += count;
  }
  closeSync(fd);
}

/** @param {Buffer} bytes @param {number} at @param {() => number} random */
function writePacket(bytes, at, random) {
  const kind = random() % 20;
  if (kind < 14) writeIp(bytes, at, { length: 40, protocol: 6, source: random(), ttl: 64 + (random() % 64) });
  else if (kind < 17)
    writeIp(bytes, at, { length: 1386, protocol: 17, source: 0x0a000000 + (random() % 1000), ttl: 57 });
  else writeIp(bytes, at, { length: 46, protocol: 6, source: 0xcb007100 + (random() % 5000), ttl: 52 });
  const transport = at + AT.transport;
  if (kind < 14 || kind >= 17) {
    bytes.writeUInt16BE(1024 + (random() % 64_000), transport);
    bytes.writeUInt16BE(443, transport + 2);
    bytes.writeUInt32BE(random(), transport + 4);
    bytes.writeUInt32BE(kind < 14 ? 0 : random(), transport + 8);
    bytes[transport + 12] = 0x50;
    bytes[transport + 13] = kind < 14 ? SYN : ACK;
    bytes.writeUInt16BE(kind < 14 ? 64_240 : 501, transport + 14);
  } else {
    bytes.writeUInt16BE(53, transport);
    bytes.writeUInt16BE(1024 + (random() % 64_000), transport + 2);
    bytes.writeUInt16BE(1366, transport + 4);
    bytes.fill(0, transport + 6, transport + 16);
  }
}

/** @param {Buffer} bytes @param {number} at @param {{ length: number, protocol: number, source: number, ttl: number }} ip */
function writeIp(bytes, at, { length, protocol, source, ttl }) {
  bytes.writeUInt32LE(Math.max(FRAME_LENGTH, 14 + length), at + 12);
  bytes.writeUInt16BE(length, at + AT.length);
  bytes[at + AT.ttl] = ttl;
  bytes[at + AT.ttl + 1] = protocol;
  bytes.writeUInt32BE(source, at + AT.source);
}

/** xorshift128 (Marsaglia, 2003), whose period no sequence of a benchmark comes near. @param {number} seed @returns {() => number} */
function xorshift(seed) {
  let [a, b, c, d] = [seed, 362_436_069, 521_288_629, 88_675_123];
  return () => {
    const mixed = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8);
    return d >>> 0;
  };
}
