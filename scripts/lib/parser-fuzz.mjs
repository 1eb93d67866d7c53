// Mutates captures and puts them through the parser. Everything follows from the seed.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {typeof import("../../src/pcap-parser/index.ts")} Parser */

/** Values at which parsers go wrong. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 11, 12, 16, 28, 31, 32, 0x7f, 0x80, 0xff];
const EDGES_32 = [0, 1, 3, 4, 12, 28, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 262_144, 262_145, 1 << 24];

/** The captures of fixtures/ that are no larger. @param {number} largest bytes @returns {Buffer[]} */
export function fixtureSamples(largest) {
  const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
  const names = readdirSync(fixtures).filter((name) => /\.(pcap|pcapng)$/.test(name));
  return names.map((name) => readFileSync(`${fixtures}/${name}`)).filter(({ length }) => length <= largest);
}

/** mulberry32: 32 bits of state, whole period. @param {number} seed @returns {() => number} 0 to 2^32 - 1 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** @param {Buffer} source @param {() => number} random @param {readonly Buffer[]} others @returns {Buffer} */
export function mutate(source, random, others) {
  let bytes = Buffer.from(source);
  for (let changes = 1 + (random() % 4); changes > 0 && bytes.length > 4; changes--) {
    const at = random() % bytes.length;
    switch (random() % 8) {
      case 0:
        bytes[at] = random();
        break;
      case 1:
        bytes[at] = EDGES[random() % EDGES.length] ?? 0;
        break;
      case 2:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() % 8));
        break;
      case 3: {
        const value = EDGES_32[random() % EDGES_32.length] ?? 0;
        const aligned = Math.min(at & ~3, bytes.length - 4);
        if (random() & 1) bytes.writeUInt32LE(value, aligned);
        else bytes.writeUInt32BE(value, aligned);
        break;
      }
      case 4:
        bytes = bytes.subarray(0, at);
        break;
      case 5: {
        // A part taken out, or another's put in.
        const length = random() % 64;
        const other = others[random() % others.length] ?? source;
        const from = random() % other.length;
        const piece = random() & 1 ? other.subarray(from, from + length) : Buffer.alloc(0);
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + (random() & 1 ? length : 0))]);
        break;
      }
      case 6: {
        const end = at + (random() % 128);
        bytes = Buffer.concat([bytes, bytes.subarray(at, end)]);
        break;
      }
      default: {
        const aligned = Math.min(at & ~3, bytes.length - 4);
        bytes.writeUInt32LE((bytes.readUInt32LE(aligned) + ((random() % 9) - 4)) >>> 0, aligned);
      }
    }
  }
  return bytes;
}

/**
 * Reads everything that a caller can ask for. @returns {"whole" | "refused"}
 * @param {Parser} parser @param {Uint8Array} bytes @param {() => number} random
 */
export function readAll(parser, bytes, random) {
  const reader = new parser.PcapParser();
  // Some in one piece, some in pieces of any size, as a stream gives them.
  const piece = random() % 3 === 0 ? 1 + (random() % 200) : bytes.length;
  let packets = 0;
  try {
    for (let at = 0; at < bytes.length; at += piece) {
      reader.push(bytes.subarray(at, at + piece));
      for (const batch of reader) packets = readBatch(parser, batch, packets, bytes.length);
    }
    reader.end();
    for (const batch of reader) packets = readBatch(parser, batch, packets, bytes.length);
  } catch (error) {
    if (!(error instanceof parser.CaptureFileError) || error.code !== "INPUT") throw error;
    if (error.offset < 0 || error.offset > bytes.length) throw new Error(`offset ${error.offset} of ${bytes.length}`);
    return "refused";
  }
  return "whole";
}

/** @param {Parser} parser @param {import("../../src/pcap-parser/index.ts").CaptureBatch} batch @param {number} packets @param {number} fileLength */
function readBatch(parser, batch, packets, fileLength) {
  for (const packet of batch) {
    packets++;
    if (packet.number !== packets) throw new Error(`packet ${packets} has number ${packet.number}`);
    if (packet.data.length !== packet.capturedLength) throw new Error("data is not as long as it claims");
    if (packet.fileOffset + packet.capturedLength > fileLength) throw new Error("a packet behind the end of the file");
    if (packet.nanoseconds < 0 || packet.nanoseconds > 999_999_999) throw new Error("nanoseconds out of range");
    if (!Number.isSafeInteger(packet.seconds)) throw new Error("seconds out of range");
    parser.enhancedPacketOptions(packet.options);
    const decoded = parser.decodePacket(packet.data, packet.interface.linkType);
    if (decoded.payloadOffset < 0) throw new Error("a payload before the packet");
  }
  for (const block of batch.blocks) {
    if (block.raw.fileOffset + block.raw.bytes.length > fileLength)
      throw new Error("a block behind the end of the file");
    if ("options" in block) for (const { value } of block.options) parser.escapeText(String(value.length));
    if (block.kind === "name-resolution") for (const { names } of block.records) names.map(parser.escapeText);
    if (block.kind === "interface-description") parser.escapeText(block.interface.name ?? "");
  }
  return packets;
}

/**
 * @param {Parser} parser
 * @param {{ samples: readonly Buffer[], seed: number, count: number, every?: (done: number) => void }} plan
 *   `every` is called after each 10,000
 */
export function fuzz(parser, { samples, seed, count, every }) {
  const random = randomNumbers(seed);
  const outcomes = { whole: 0, refused: 0, slowestMilliseconds: 0 };
  for (let done = 0; done < count; done++) {
    const source = samples[random() % samples.length];
    if (source === undefined) throw new Error("no samples");
    const input = mutate(source, random, samples);
    const start = performance.now();
    try {
      outcomes[readAll(parser, input, random)]++;
    } catch (error) {
      const hex = input.toString("hex");
      throw new Error(`seed ${seed}, input ${done}: ${hex}`, { cause: error });
    }
    outcomes.slowestMilliseconds = Math.max(outcomes.slowestMilliseconds, performance.now() - start);
    if (done % 10_000 === 9999) every?.(done + 1);
  }
  return outcomes;
}
