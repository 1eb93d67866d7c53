/**
 * The one place where replay meets the parser. It reads a capture file in batches, in memory that does not grow with
 * the file.
 */
import { fstatSync, statSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import type { ByteOrder } from "../packets/byte-order.ts";
import { type InputBatch, InputBatchBuilder } from "../packets/input-batch.ts";
import { describeLinkType } from "../packets/link-type-names.ts";
import { type Capture, type CaptureCursor, escapeText, openCapture } from "../pcap-parser/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { InterruptibleReader } from "../pipeline/interruptible-reader.ts";
import { BlockOrder } from "./block-order.ts";
import { byteOrderOf, type DescribedInput, describeInput } from "./input-traits.ts";

const STDIN = 0;
const SECONDS_END = 2 ** 32;

export interface InputSource {
  /** "-" is stdin. */
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** The content, where it is open already. */
  readonly content?: AsyncIterable<Uint8Array>;
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
  /** Whether batches say which blocks are around their packets. */
  readonly hasBlocks: boolean;
  /** Bytes of the file; 0 for a pipe. */
  readonly size: number;
  readonly #capture: Capture;
  readonly #reader: InterruptibleReader;

  private constructor(
    { path, name, content }: InputSource,
    capture: Capture,
    reader: InterruptibleReader,
    { traits, first }: DescribedInput,
    hasBlocks: boolean,
  ) {
    this.hasBlocks = hasBlocks;
    this.name = name;
    this.linkType = traits.linkType;
    this.byteOrder = traits.byteOrder;
    this.precision = traits.precision;
    this.fcsLength = traits.fcsLength;
    this.size = content === undefined ? sizeOf(path) : 0;
    this.#capture = capture;
    this.#reader = reader;
    reader.giveBack(first);
  }

  /** @throws RingcapError INPUT for a file that cannot be read or is no capture file; the signal's reason */
  static async open(source: InputSource, signal?: AbortSignal, takesBlocks = false): Promise<ReplayInput> {
    const capture = await openCapture(source.content ?? source.path, { name: source.name });
    const reader = new InterruptibleReader(capture, source.path);
    try {
      const hasBlocks = takesBlocks && capture.format.type === "pcapng";
      const described = await describeInput(capture, reader, hasBlocks ? "first batch" : "first packet", signal);
      return new ReplayInput(source, capture, reader, described, hasBlocks);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** Bytes of the file, compressed as they are, that were gone through so far. */
  get position(): number {
    return this.#capture.position;
  }

  /** Whether something stands behind the gzip data and was ignored. It is known at the end. */
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
      for (let parsed = await this.#reader.next(); parsed !== undefined; parsed = await this.#reader.next()) {
        const packet = parsed.cursor();
        batch.byteOrder = byteOrderOf(parsed.section);
        batch.linkType = this.linkType;
        const order = this.hasBlocks ? new BlockOrder(parsed) : undefined;
        const setBlocks = (isLast: boolean) => {
          const { linkType } = batch;
          batch.blocksOf = order && ((matched, isEnough) => order.blocksOf(matched, linkType, isLast && !isEnough));
        };
        let fault: RingcapError | undefined;
        while (packet.next()) {
          fault = this.#faultOf(packet);
          if (fault !== undefined) break;
          const isOther = this.hasBlocks && packet.interface.linkType !== batch.linkType;
          if (batch.count > 0 && (isOther || !builder.fits(packet.capturedLength))) {
            setBlocks(false);
            yield batch;
            builder.clear();
          }
          if (isOther) batch.linkType = packet.interface.linkType;
          builder.add(packet);
        }
        setBlocks(true);
        // Packets that are there do not wait for more, because the input may be a pipe.
        if (batch.count > 0 || order !== undefined) yield batch;
        builder.clear();
        if (fault !== undefined) throw fault;
      }
    } finally {
      await this.close();
    }
  }

  /** Ends batches(), also while it waits for bytes. */
  stop(): void {
    this.#reader.stop();
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }

  /** Why a packet cannot stand in one pcap file with those before it. */
  #faultOf(packet: CaptureCursor): RingcapError | undefined {
    if (this.hasBlocks) return undefined;
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
      hint: "type -w x.pcapng, which holds several, or replay the interfaces one by one: tshark -r <file> -Y 'frame.interface_id == 0' -w <file of one interface>",
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
