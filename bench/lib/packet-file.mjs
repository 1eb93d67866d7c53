// Capture files of small packets for benchmarks.
import { closeSync, openSync, writeSync } from "node:fs";

export const PACKET_LENGTH = 60;

/** @param {Uint8Array} record @param {number} size @returns {Buffer} as many whole records as fit the size, at least one */
function repeat(record, size) {
  return Buffer.concat(Array(Math.max(1, Math.floor(size / record.length))).fill(record));
}

/** A SYN of 60 bytes: Ethernet, IPv4, TCP, padding. */
function frame() {
  const bytes = Buffer.alloc(PACKET_LENGTH);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6], 0);
  bytes.set([192, 0, 2, 1, 198, 51, 100, 1, 4, 0, 0, 80], 26);
  bytes.set([0x50, 2, 4, 0], 46);
  return bytes;
}

/** @param {string} format @returns {{ header: Buffer, record: Buffer }} */
function layout(format) {
  if (format === "pcap") {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(1, 20);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(PACKET_LENGTH, 8);
    record.writeUInt32LE(PACKET_LENGTH, 12);
    return { header, record: Buffer.concat([record, frame()]) };
  }
  const header = Buffer.alloc(48);
  header.writeUInt32LE(0x0a0d0d0a, 0);
  header.writeUInt32LE(28, 4);
  header.writeUInt32LE(0x1a2b3c4d, 8);
  header.writeUInt16LE(1, 12);
  header.writeBigInt64LE(-1n, 16);
  header.writeUInt32LE(28, 24);
  header.writeUInt32LE(1, 28);
  header.writeUInt32LE(20, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt32LE(20, 44);
  const block = Buffer.alloc(32 + PACKET_LENGTH);
  const stamp = 1_700_000_000_000_000n;
  block.writeUInt32LE(6, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt32LE(Number(stamp >> 32n), 12);
  block.writeUInt32LE(Number(stamp & 0xffff_ffffn), 16);
  block.writeUInt32LE(PACKET_LENGTH, 20);
  block.writeUInt32LE(PACKET_LENGTH, 24);
  block.set(frame(), 28);
  block.writeUInt32LE(block.length, block.length - 4);
  return { header, record: block };
}

/** Writes a file of one packet over and over. @param {string} path @param {string} format @param {number} size in bytes @returns {number} packets */
export function generate(path, format, size) {
  const { header, record } = layout(format);
  const many = repeat(record, 1 << 22);
  const fd = openSync(path, "w");
  let written = writeSync(fd, header);
  let packets = 0;
  while (written + record.length <= size) {
    const room = Math.floor((size - written) / record.length) * record.length;
    const bytes = writeSync(fd, many, 0, Math.min(room, many.length));
    if (bytes % record.length !== 0) throw new Error(`${path}: a short write`);
    written += bytes;
    packets += bytes / record.length;
  }
  closeSync(fd);
  return packets;
}

const RECORD_LENGTH = 16 + PACKET_LENGTH;
const SOURCE = 16 + 26;
const SOURCE_PORT = 16 + 34;
const SEQUENCE = 16 + 38;
const IP_ID = 16 + 18;
const PACKETS_PER_SECOND = 1_000_000;

/**
 * Writes a pcap file of SYNs to one address from sources, ports, sequence numbers and IP ids at random, a million a second.
 *
 * @param {string} path @param {number} size in bytes @returns {number} packets
 */
export function generateSpoofed(path, size) {
  const { header, record } = layout("pcap");
  const packets = Math.floor((size - header.length) / RECORD_LENGTH);
  const portion = Buffer.alloc(RECORD_LENGTH * 16_384);
  for (let at = 0; at < portion.length; at += RECORD_LENGTH) portion.set(record, at);
  let state = 0x9e37_79b9;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const fd = openSync(path, "w");
  writeSync(fd, header);
  for (let written = 0; written < packets; ) {
    const count = Math.min(16_384, packets - written);
    for (let index = 0; index < count; index++) {
      const at = index * RECORD_LENGTH;
      const time = written + index;
      portion.writeUInt32LE(1_700_000_000 + Math.floor(time / PACKETS_PER_SECOND), at);
      portion.writeUInt32LE(time % PACKETS_PER_SECOND, at + 4);
      portion.writeUInt32BE(random(), at + SOURCE);
      portion.writeUInt16BE(random() & 0xffff, at + SOURCE_PORT);
      portion.writeUInt32BE(random(), at + SEQUENCE);
      portion.writeUInt16BE(random() & 0xffff, at + IP_ID);
    }
    writeSync(fd, portion, 0, count * RECORD_LENGTH);
    written += count;
  }
  closeSync(fd);
  return packets;
}
