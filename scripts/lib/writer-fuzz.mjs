// Writes random and mutated sequences of pcapng blocks, reads them, and writes what was read. Everything follows from the seed.
import { mutate, randomNumbers } from "./parser-fuzz.mjs";
import { randomBlocks } from "./random-blocks.mjs";

/** @typedef {typeof import("../../src/pcap-parser/index.ts")} Parser */
/** @typedef {typeof import("../../src/pcap-writer/index.ts")} Writer */
/** @typedef {import("../../src/pcap-writer/index.ts").PcapngBlockWriter} BlockWriter */
/** @typedef {import("../../src/pcap-writer/index.ts").ByteOrder} ByteOrder */

/** @param {Writer} writer @param {ByteOrder} byteOrder @param {(to: BlockWriter) => void} write */
function written(writer, byteOrder, write) {
  /** @type {Buffer[]} */
  const pieces = [];
  const to = new writer.PcapngBlockWriter((bytes) => pieces.push(Buffer.from(bytes)), byteOrder);
  write(to);
  to.flush();
  return Buffer.concat(pieces);
}

/**
 * Copies what can be read. @param {Parser} parser @param {Writer} writer @param {Buffer} bytes
 * @returns {"whole" | "refused"}
 */
function copies(parser, writer, bytes) {
  let refused = false;
  const copy = written(writer, "little-endian", (to) => {
    try {
      const reader = new parser.PcapParser(bytes, { pseudoHeaders: "as-in-file" });
      for (const batch of reader) for (const block of batch.allBlocks()) to.copyBlock(block);
    } catch (error) {
      if (!(error instanceof parser.CaptureFileError)) throw error;
      refused = true;
    }
  });
  const read = refused ? bytes.subarray(0, copy.length) : bytes;
  if (!copy.equals(read)) throw new Error(`the copy differs: ${copy.toString("hex")}`);
  return refused ? "refused" : "whole";
}

/** Encodes what is read anew. @param {Parser} parser @param {Writer} writer @param {Buffer} bytes @param {ByteOrder} order */
function turn(parser, writer, bytes, order) {
  return written(writer, order, (to) => {
    for (const batch of new parser.PcapParser(bytes, { pseudoHeaders: "as-in-file" })) {
      for (const block of batch.allBlocks()) to.writeBlock(block);
    }
  });
}

/**
 * @param {Parser} parser @param {Writer} writer
 * @param {{ seed: number, count: number, every?: (done: number) => void }} plan `every` is called after each 10,000
 */
export function fuzzWriter(parser, writer, { seed, count, every }) {
  const random = randomNumbers(seed);
  const outcomes = { blocks: 0, whole: 0, refused: 0 };
  for (let done = 0; done < count; done++) {
    const own = random();
    const { blocks, bytes } = randomBlocks(randomNumbers(own));
    const little = randomBlocks(randomNumbers(own), true).bytes;
    const big = randomBlocks(randomNumbers(own), false).bytes;
    try {
      const made = written(writer, "little-endian", (to) => {
        for (const block of blocks) to.writeBlock(block);
      });
      if (!made.equals(bytes)) throw new Error(`written: ${made.toString("hex")}`);
      if (copies(parser, writer, bytes) !== "whole") throw new Error("what was written is refused");
      if (!turn(parser, writer, bytes, "little-endian").equals(little)) throw new Error("little-endian, it differs");
      if (!turn(parser, writer, bytes, "big-endian").equals(big)) throw new Error("big-endian, it differs");
      outcomes[copies(parser, writer, mutate(bytes, random, [bytes]))]++;
    } catch (error) {
      throw new Error(`seed ${seed}, sequence ${done}: ${bytes.toString("hex")}`, { cause: error });
    }
    outcomes.blocks += blocks.length;
    if (done % 10_000 === 9999) every?.(done + 1);
  }
  return outcomes;
}
