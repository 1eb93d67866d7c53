/** The one place where replay meets the parser: a capture file as batches in the layout of native/batch_record.h. */
import { readFileSync } from "node:fs";
import { BATCH_SIZE } from "../capture/packet-batch.ts";
import { RingcapError, reasonOf } from "../errors.ts";
import { BATCH_RECORD } from "../generated/layouts.ts";
import { type PcapCapture, type PcapPacket, readPcap } from "../pcap-parser/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";

export interface InputBatch {
  /** Records, each padded to eight bytes. Valid until the next batch is asked for; may be written to. */
  bytes: Uint8Array;
  /** The same memory. */
  words: Uint32Array;
  /** Packets. */
  count: number;
}

const NANOSECONDS = 1_000_000_000n;
const STDIN = 0;

export class ReplayInput {
  /** As the user named it. */
  readonly name: string;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly precision: TimeStampPrecision;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes that were read so far. */
  position = 0;
  readonly #capture: PcapCapture;

  private constructor(name: string, size: number, capture: PcapCapture) {
    this.name = name;
    this.size = size;
    this.linkType = capture.linkType;
    this.precision = capture.nanosecond ? "nano" : "micro";
    this.#capture = capture;
  }

  /** @param path "-" is stdin @throws RingcapError INPUT for a file that cannot be read or is no capture file */
  static async open(path: string): Promise<ReplayInput> {
    const name = path === "-" ? "standard input" : path;
    try {
      const bytes = readFileSync(path === "-" ? STDIN : path);
      return new ReplayInput(name, bytes.length, readPcap(bytes));
    } catch (error) {
      throw inputError(name, error);
    }
  }

  /** All packets, in order, in batches of BATCH_SIZE bytes. @throws RingcapError INPUT, after the packets before the fault */
  async *batches(): AsyncGenerator<InputBatch, void, undefined> {
    const bytes = new Uint8Array(BATCH_SIZE);
    const batch: InputBatch = { bytes, words: new Uint32Array(bytes.buffer), count: 0 };
    let length = 0;
    let fault: RingcapError | undefined;
    const packets = this.#capture.packets[Symbol.iterator]();
    for (;;) {
      const next = nextPacket(packets, this.name);
      if (next instanceof RingcapError) fault = next;
      const packet = next instanceof RingcapError ? undefined : next;
      const size = packet === undefined ? 0 : BATCH_RECORD.size + ((packet.capturedLength + 7) & ~7);
      if (batch.count > 0 && (packet === undefined || length + size > bytes.length)) {
        yield batch;
        batch.count = 0;
        length = 0;
      }
      if (packet === undefined) break;
      put(batch, length, packet);
      length += size;
      batch.count++;
      this.position = packet.data.byteOffset + packet.data.byteLength;
    }
    if (fault !== undefined) throw fault;
  }
}

function nextPacket(packets: Iterator<PcapPacket>, name: string): PcapPacket | RingcapError | undefined {
  try {
    const { value, done } = packets.next();
    return done ? undefined : value;
  } catch (error) {
    return inputError(name, error);
  }
}

function put({ bytes, words }: InputBatch, start: number, packet: PcapPacket): void {
  const record = start / 4;
  words[record + BATCH_RECORD.seconds / 4] = Number(packet.timestamp / NANOSECONDS);
  words[record + BATCH_RECORD.nanoseconds / 4] = Number(packet.timestamp % NANOSECONDS);
  words[record + BATCH_RECORD.capturedLength / 4] = packet.capturedLength;
  words[record + BATCH_RECORD.originalLength / 4] = packet.originalLength;
  words[record + BATCH_RECORD.interfaceIndex / 4] = 0;
  words[record + BATCH_RECORD.direction / 4] = 0;
  bytes.set(packet.data, start + BATCH_RECORD.size);
}

function inputError(name: string, error: unknown): RingcapError {
  const operation = `read ${name}`;
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "INPUT", operation, cause: error });
}
