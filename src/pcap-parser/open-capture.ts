/** Reads captures from files and streams. */
import type { CaptureBatch, CapturePacket } from "./capture-batch.ts";
import { isGzip } from "./detect.ts";
import { type GzipFindings, gunzipChunks } from "./gzip/gunzip.ts";
import { PcapParser, type PcapParserOptions } from "./pcap-parser.ts";
import type { CaptureFormat } from "./record-decoder.ts";
import { type CaptureInput, type Chunks, chunksOf, inputName } from "./sources.ts";

/** The options of openCapture(). */
export interface OpenCaptureOptions {
  /** The name of the input in messages. The default is its path. */
  readonly name?: string | undefined;
  /** See PcapParserOptions. */
  readonly pseudoHeaders?: PcapParserOptions["pseudoHeaders"];
}

/**
 * A capture that is being read, in memory that does not grow with it.
 *
 * Its batches can be iterated over once. Leaving the loop closes the input; close() is for a capture that is not
 * iterated over.
 */
export class Capture implements AsyncIterable<CaptureBatch> {
  readonly format: CaptureFormat;
  /** Whether the input is compressed with gzip. */
  readonly compressed: boolean;
  readonly #parser: PcapParser;
  readonly #chunks: Chunks;
  readonly #consumed: Consumed;
  readonly #gzip: GzipFindings;

  /** openCapture() calls the constructor. */
  constructor(
    parser: PcapParser,
    chunks: Chunks,
    consumed: Consumed,
    gzip: GzipFindings,
    compressed: boolean,
    format: CaptureFormat,
  ) {
    this.#gzip = gzip;
    this.format = format;
    this.compressed = compressed;
    this.#parser = parser;
    this.#chunks = chunks;
    this.#consumed = consumed;
  }

  /** Bytes of the input, compressed as they are, that were read so far. It grows in steps of one read. */
  get position(): number {
    return this.#consumed.bytes;
  }

  /**
   * Whether bytes other than zero stand behind the gzip data, which are ignored, as gzip does. It is known after the
   * last batch.
   */
  get trailingGarbage(): boolean {
    return this.#gzip.trailingGarbage;
  }

  /** Packets in the batches yielded so far. */
  get packetCount(): number {
    return this.#parser.packetCount;
  }

  /**
   * Each batch is valid until the next one is asked for.
   *
   * @throws CaptureFileError at what is broken, after all packets before it
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<CaptureBatch, void, void> {
    try {
      yield* this.#parser;
      while (await pushNext(this.#parser, this.#chunks)) yield* this.#parser;
      yield* this.#parser;
    } finally {
      await this.close();
    }
  }

  /** Yields one packet at a time, which is convenient and much slower than batches with a cursor. */
  async *packets(): AsyncGenerator<CapturePacket, void, void> {
    for await (const batch of this) yield* batch;
  }

  /** Closes the input. Calling it again does nothing. */
  async close(): Promise<void> {
    await this.#chunks.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Opens a capture, pcap or pcapng, plain or compressed with gzip, and reads its header.
 *
 * ```ts
 * for await (const batch of await openCapture("syn.pcap.gz")) {
 *   const packet = batch.cursor();
 *   while (packet.next()) console.log(packet.number, packet.seconds, packet.capturedLength);
 * }
 * ```
 *
 * @param source a path, "-" for stdin, a Readable (or another iterable of chunks, which must not change for as long as it
 * takes to ask for two more), or the bytes themselves
 * @throws RingcapError INPUT if it cannot be opened; CaptureFileError if it is not a capture
 */
export async function openCapture(source: CaptureInput, options: OpenCaptureOptions = {}): Promise<Capture> {
  const name = options.name ?? inputName(source);
  const consumed: Consumed = { bytes: 0 };
  const gzip: GzipFindings = { trailingGarbage: false };
  const raw = counted(chunksOf(source, name), consumed);
  let opened = raw;
  try {
    const head = await readHead(raw);
    const compressed = isGzip(head);
    const plain = prepend(head, raw);
    opened = compressed ? gunzipChunks(plain, name, gzip) : plain;
    const parser = new PcapParser(undefined, { name, inflated: compressed, pseudoHeaders: options.pseudoHeaders });
    let format = parser.readFormat();
    while (format === undefined) {
      await pushNext(parser, opened);
      format = parser.readFormat();
    }
    return new Capture(parser, opened, consumed, gzip, compressed, format);
  } catch (error) {
    await opened.return();
    await raw.return();
    throw error;
  }
}

interface Consumed {
  bytes: number;
}

/** Yields the chunks, and counts the bytes of each when the next one is asked for. */
async function* counted(chunks: Chunks, consumed: Consumed): Chunks {
  for await (const chunk of chunks) {
    yield chunk;
    consumed.bytes += chunk.length;
  }
}

/** Gives the parser the next chunk. @returns false when there is none, and the parser was told so */
async function pushNext(parser: PcapParser, chunks: Chunks): Promise<boolean> {
  const { done, value } = await chunks.next();
  if (done) {
    parser.end();
    return false;
  }
  parser.push(value);
  return true;
}

/** Reads until two bytes are there, which tell gzip from other formats. */
async function readHead(chunks: Chunks): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done) return head;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

async function* prepend(head: Uint8Array, rest: Chunks): Chunks {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return();
  }
}
