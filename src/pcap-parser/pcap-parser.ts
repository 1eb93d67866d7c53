/** Reads captures from bytes in memory. */
import { usageError } from "../errors.ts";
import { ByteWindow } from "./byte-window.ts";
import { CaptureBatch, type CapturePacket } from "./capture-batch.ts";
import { type CaptureFileError, FaultReporter } from "./capture-file-error.ts";
import { detectFormat } from "./detect.ts";
import { PacketColumns } from "./packet-columns.ts";
import type { CaptureBlock } from "./pcapng/block.ts";
import type { CaptureFormat, RecordDecoder } from "./record-decoder.ts";

/** The options of a PcapParser. */
export interface PcapParserOptions {
  /** The name of the input in messages. The default is "the capture". */
  readonly name?: string | undefined;
  /** Whether the bytes come out of a compressed file. Messages then say that their offsets count inflated bytes. */
  readonly inflated?: boolean | undefined;
  /**
   * What is done with pseudo headers in the byte order of the capturing host, which CapturePacket.data lists. They are
   * turned to little-endian, which is the default, or left as they are in the file, for copies of it.
   */
  readonly pseudoHeaders?: "little-endian" | "as-in-file" | undefined;
}

/**
 * A synchronous parser of pcap and pcapng, for bytes that are all there, or that are pushed as they come:
 *
 * ```ts
 * for (const batch of new PcapParser(readFileSync("syn.pcap"))) {
 *   for (const { timestamp, data } of batch) console.log(timestamp, data.length);
 * }
 * ```
 *
 * It holds what was pushed and not decoded yet, and of that at most one record is left when next() gives undefined.
 */
export class PcapParser implements Iterable<CaptureBatch> {
  readonly #window = new ByteWindow();
  readonly #columns = new PacketColumns();
  readonly #faults: FaultReporter;
  readonly #turnsPseudoHeaders: boolean;
  #decoder: RecordDecoder | undefined;
  #ended = false;
  #packets = 0;
  #failure: unknown;

  /**
   * @param bytes the whole file; without them it is to be pushed. They are not copied: packets are views of them. gzip is
   * refused here, openCapture reads it
   */
  constructor(bytes?: Uint8Array, options: PcapParserOptions = {}) {
    this.#faults = new FaultReporter(options.name ?? "the capture", options.inflated ?? false);
    this.#turnsPseudoHeaders = options.pseudoHeaders !== "as-in-file";
    if (bytes === undefined) return;
    this.push(bytes);
    this.end();
  }

  /**
   * The format of the file. It is known once the file header of a pcap file, or the beginning of a pcapng file, was
   * read.
   */
  get format(): CaptureFormat | undefined {
    return this.#decoder?.format;
  }

  /** Packets in the batches yielded so far. */
  get packetCount(): number {
    return this.#packets;
  }

  /**
   * Adds bytes, which the caller does not change until they are decoded. The last batch is not valid after the call.
   */
  push(chunk: Uint8Array): void {
    if (this.#ended) throw usageError("push", "the input was ended");
    if (chunk.length > 0) this.#window.push(chunk);
  }

  /** Says that no more bytes will be pushed. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Decodes the next packets and blocks.
   *
   * @returns undefined when more bytes must be pushed, or after end() when all was read
   * @throws CaptureFileError at what is broken, after all packets before it were returned; each further call throws it
   *   again
   */
  next(): CaptureBatch | undefined {
    this.#columns.count = 0;
    const blocks: CaptureBlock[] = [];
    if (this.#failure === undefined) {
      try {
        this.#decode(blocks);
      } catch (error) {
        this.#failure = error;
      }
    }
    const decoder = this.#decoder;
    if (decoder !== undefined && (this.#columns.count > 0 || blocks.length > 0)) return this.#batch(decoder, blocks);
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  /** Yields batches until more bytes must be pushed, or until all was read. */
  *[Symbol.iterator](): Generator<CaptureBatch> {
    for (let batch = this.next(); batch !== undefined; batch = this.next()) yield batch;
  }

  /**
   * Yields packets until more bytes must be pushed, or until all was read. This is convenient and slower than batches
   * with a cursor.
   */
  *packets(): Generator<CapturePacket> {
    for (const batch of this) yield* batch;
  }

  /**
   * Reads the file header.
   *
   * @returns undefined if not all of it was pushed.
   * @throws CaptureFileError if it is no capture file
   */
  readFormat(): CaptureFormat | undefined {
    if (this.#decoder === undefined && this.#failure === undefined) {
      try {
        this.#detect();
      } catch (error) {
        this.#failure = error;
      }
    }
    if (this.#decoder === undefined && this.#failure !== undefined) throw this.#failure;
    return this.#decoder?.format;
  }

  #detect(): void {
    this.#decoder = detectFormat(this.#window, this.#faults, this.#turnsPseudoHeaders);
    if (this.#decoder === undefined && this.#ended) throw this.#truncation("the file header");
  }

  #decode(blocks: CaptureBlock[]): void {
    if (this.#decoder === undefined) this.#detect();
    const decoder = this.#decoder;
    if (decoder === undefined) return;
    const columns = this.#columns;
    decoder.decode(this.#window, { columns, blocks }, this.#packets);
    const nothing = columns.count === 0 && blocks.length === 0;
    if (nothing && this.#ended && this.#window.available > 0) {
      throw this.#truncation(decoder.describePartial(this.#window));
    }
  }

  #batch(decoder: RecordDecoder, blocks: CaptureBlock[]): CaptureBatch {
    const columns = this.#columns;
    const firstNumber = this.#packets + 1;
    this.#packets += columns.count;
    const { section, hasOptions, trailerLength } = decoder;
    const faults = this.#faults;
    const { bytes } = this.#window;
    const base = this.#window.offsetOf(0);
    const source = { bytes, base, columns, firstNumber, section, hasOptions, trailerLength, faults };
    return new CaptureBatch(source, blocks);
  }

  #truncation(inside: string): CaptureFileError {
    const { begin, end } = this.#window;
    return this.#faults.truncated(this.#window.offsetOf(begin), this.#window.offsetOf(end), inside);
  }
}
