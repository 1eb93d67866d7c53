/** What tests of PcapngWriter write, and how they read it again. */
import { expect } from "vitest";
import { PcapParser } from "../../../../src/pcap-parser/index.ts";
import { PcapngWriter, type PcapngWriterOptions } from "../../../../src/pcap-writer/index.ts";

export const TIME = 1_700_000_000_123_456_789n;
export const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);

/** What a writer hands on. */
export function write(fill: (writer: PcapngWriter) => void, options: PcapngWriterOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const writer = new PcapngWriter(options, (bytes) => pieces.push(Buffer.from(bytes)));
  fill(writer);
  writer.flush();
  const file = Buffer.concat(pieces);
  expect(writer.byteCount).toBe(file.length);
  return file;
}

export function packetsOf(file: Buffer) {
  return [...new PcapParser(file).packets()];
}

export function blocksOf(file: Buffer) {
  return Array.from(new PcapParser(file), (batch) => [...batch.allBlocks()]).flat();
}

export const refused = (message: string) =>
  expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) });
