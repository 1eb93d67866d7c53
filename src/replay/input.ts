/** The one place where replay meets the parser: a capture file, in batches, in memory that does not grow with it. */
import { fstatSync, statSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import type { ByteOrder } from "../filter/expression.ts";
import { type Capture, type CaptureBatch, type CaptureCursor, escapeText, openCapture } from "../pcap-parser/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { type InputBatch, InputBatchBuilder } from "./input-batch.ts";
import { byteOrderOf, type DescribedInput, describeInput } from "./input-traits.ts";
import { describeLinkType } from "./link-types.ts";

const STDIN = 0;
const SECONDS_END = 2 ** 32;

export interface InputSource {
  /** "-" is stdin. */
  readonly path: string;
  /** For messages. */
  readonly name: string;
}

export class ReplayInput {
  /** As the user named it. */
  readonly name: string;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** Of the file at its first packet. */
  readonly byteOrder: ByteOrder;
  readonly precision: TimeStampPrecision;
  /** Bytes of frame check sequence at the end of each packet, if the file says so. */
  readonly fcsLength: number | undefined;
  /** Bytes of the file; 0 for a pipe. */
  readonly size: number;
  readonly #isStdin: boolean;
  readonly #capture: Capture;
  readonly #parsed: AsyncIterator<CaptureBatch>;
  #first: CaptureBatch | undefined;
  #waiting = false;
  #stopped = false;
  #wake = () => {};

  private constructor(
    { path, name }: InputSource,
    capture: Capture,
    parsed: AsyncIterator<CaptureBatch>,
    described: DescribedInput,
  ) {
    this.name = name;
    this.linkType = described.traits.linkType;
    this.byteOrder = described.traits.byteOrder;
    this.precision = described.traits.precision;
    this.fcsLength = described.traits.fcsLength;
    this.size = sizeOf(path);
    this.#isStdin = path === "-";
    this.#capture = capture;
    this.#parsed = parsed;
    this.#first = described.first;
  }

  /** @throws RingcapError INPUT for a file that cannot be read or is no capture file; the signal's reason */
  static async open(source: InputSource, signal?: AbortSignal): Promise<ReplayInput> {
    const capture = await openCapture(source.path, { name: source.name });
    const parsed = capture[Symbol.asyncIterator]();
    try {
      return new ReplayInput(source, capture, parsed, await describeInput(capture, parsed, signal));
    } catch (error) {
      await capture.close();
      throw error;
    }
  }

  /** Bytes of the file, compressed as they are, that were gone through so far. */
  get position(): number {
    return this.#capture.position;
  }

  /** Whether something stands behind the gzip data, and was ignored. Known at the end. */
  get trailingGarbage(): boolean {
    return this.#capture.trailingGarbage;
  }

  /**
   * All packets, in order. Closes the input at its end.
   *
   * @throws RingcapError INPUT, after the packets before the fault
   */
  async *batches(): AsyncGenerator<InputBatch, void, undefined> {
    const builder = new InputBatchBuilder();
    const { batch } = builder;
    try {
      for (let parsed = await this.#next(); parsed !== undefined; parsed = await this.#next()) {
        const packet = parsed.cursor();
        batch.byteOrder = byteOrderOf(parsed.section);
        let fault: RingcapError | undefined;
        while (packet.next()) {
          fault = this.#faultOf(packet);
          if (fault !== undefined) break;
          if (!builder.fits(packet.capturedLength)) {
            yield batch;
            builder.clear();
          }
          builder.add(packet);
        }
        // What is there is not kept waiting for more: the input may be a pipe.
        if (batch.count > 0) yield batch;
        builder.clear();
        if (fault !== undefined) throw fault;
      }
    } finally {
      await this.close();
    }
  }

  /** Ends batches(), also while it waits for bytes. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    if (!this.#waiting) return this.#capture.close();
    // A read that may never end cannot be waited for.
    if (this.#isStdin) process.stdin.destroy();
    this.#capture.close().catch(() => {});
  }

  /** The next batch of the parser; undefined at the end, and when told to stop. */
  async #next(): Promise<CaptureBatch | undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (this.#stopped) return undefined;
    if (first !== undefined) return first;
    return new Promise((resolve, reject) => {
      this.#waiting = true;
      this.#wake = () => resolve(undefined);
      const settle = () => {
        this.#waiting = false;
      };
      this.#parsed
        .next()
        .finally(settle)
        .then(({ value, done }) => resolve(done ? undefined : value), reject);
    });
  }

  /** Why a packet cannot be one of a pcap file with those before it. */
  #faultOf(packet: CaptureCursor): RingcapError | undefined {
    const { linkType } = packet.interface;
    if (linkType === this.linkType && packet.seconds >= 0 && packet.seconds < SECONDS_END) return undefined;
    const operation = `read ${escapeText(this.name)}`;
    const where = `${operation}: byte ${packet.fileOffset}: packet ${packet.number}`;
    if (linkType === this.linkType) {
      const message = `${where} has a time ${packet.seconds} seconds from 1970; a pcap file holds 0 to ${SECONDS_END - 1}`;
      return new RingcapError(message, { code: "INPUT", operation });
    }
    const { id, name } = packet.interface;
    const label = name === undefined ? `${id}` : `${id} "${escapeText(name)}"`;
    const types = `${linkTypeText(linkType)}, those before it of ${linkTypeText(this.linkType)}`;
    return new RingcapError(`${where} is of interface ${label} and of ${types}; a pcap file holds one link type`, {
      code: "INPUT",
      operation,
      hint: "replay the interfaces one by one: tshark -r <file> -Y 'frame.interface_id == 0' -w <file of one interface>",
    });
  }
}

function linkTypeText(linkType: number): string {
  const { name, description } = describeLinkType(linkType);
  return `link-type ${name} (${description})`;
}

/** What the user named. */
export function inputSource(path: string): InputSource {
  return { path, name: path === "-" ? "standard input" : path };
}

function sizeOf(path: string): number {
  const status = path === "-" ? fstatSync(STDIN) : statSync(path, { throwIfNoEntry: false });
  return status?.isFile() ? status.size : 0;
}
