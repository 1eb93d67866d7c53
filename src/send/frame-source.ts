/** Yields the frames of a capture file in batches, as often as wanted, in memory that does not grow with the file. */
import { fstatSync, statSync } from "node:fs";
import { RingcapError, usageError } from "../errors.ts";
import { type InputBatch, InputBatchBuilder } from "../packets/input-batch.ts";
import { describeLinkType } from "../packets/link-type-names.ts";
import { type Capture, type CaptureBatch, type CaptureCursor, escapeText, openCapture } from "../pcap-parser/index.ts";
import { InterruptibleReader } from "../pipeline/interruptible-reader.ts";
import type { Schedule } from "./schedule.ts";

export interface FrameBatch {
  /** Records of native/batch_record.h. They stay as they are until the batch after the next is asked for. */
  readonly frames: InputBatch;
  /** The time of each frame in nanoseconds since the first one; undefined where frames are sent at once. */
  readonly due: Float64Array | undefined;
}

/** Which frames a source gives. */
export interface FrameLimits {
  /** Whether packets of this LINKTYPE_ number can be sent to the interface. */
  readonly takesLinkType: (linkType: number) => boolean;
  /** What the interface is, for the error when it cannot take them. */
  readonly interface: string;
}

const STDIN = 0;
/** Bytes of batches that are kept for the next pass. A larger file is read again. */
const KEPT_MAX = 64 << 20;
/** More frames of 0 bytes than a batch has room for. */
const DUE_MAX = 1 << 15;

export class FrameSource {
  /** As the user named it. */
  readonly name: string;
  /** Bytes of the file; 0 for a pipe. */
  readonly size: number;
  readonly isPipe: boolean;
  /** Frames of the file whose end the capture had cut off; counted once, however often they are sent. */
  truncated = 0;
  readonly #path: string;
  readonly #limits: FrameLimits;
  readonly #schedule: Schedule | undefined;
  /** Two batches take turns: while one is sent, the other is filled. */
  readonly #slots = [newSlot(), newSlot()] as const;
  #turn = 0;
  #capture: Capture | undefined;
  /** Of the capture. */
  #reader: InterruptibleReader | undefined;
  #pass = 0;
  /** Nanoseconds from the first frame of the first pass to the first one of this. */
  #passStart = 0;
  #passLength = 0;
  #kept: FrameBatch[] | undefined;
  #keptBytes = 0;
  /** Bytes of the file that the passes before this went through. */
  #behind = 0;
  #stopped = false;

  /**
   * @param path "-" is stdin
   * @param schedule undefined: all frames are due at once
   */
  constructor(path: string, limits: FrameLimits, schedule: Schedule | undefined) {
    this.#path = path;
    this.#limits = limits;
    this.#schedule = schedule;
    this.name = path === "-" ? "standard input" : path;
    const status = path === "-" ? fstatSync(STDIN) : statSync(path, { throwIfNoEntry: false });
    this.isPipe = status !== undefined && !status.isFile();
    this.size = status?.isFile() ? status.size : 0;
  }

  /** Opens the file, unless it is open. @throws RingcapError INPUT for what cannot be read or is no capture */
  async open(): Promise<void> {
    if (this.#pass > 0 && this.isPipe) {
      throw usageError("loop", `${this.name} can be read only once`, "send a file");
    }
    if (this.#capture !== undefined) return;
    this.#capture = await openCapture(this.#path, { name: this.name });
    this.#reader = new InterruptibleReader(this.#capture, this.#path);
  }

  /** Keeps the frames for the next pass where they are not too many. It is called before the first pass. */
  keepFrames(): void {
    this.#kept = [];
  }

  /** Bytes that all frames of the file take at most; undefined when that is not known. */
  get windowSize(): number | undefined {
    return this.isPipe || this.#capture?.compressed ? undefined : this.size;
  }

  /** Bytes of the file, compressed as they are, that were gone through in this pass and those before it. */
  get position(): number {
    return this.#behind + (this.#capture?.position ?? 0);
  }

  /**
   * All frames, in order. Can be called again, for the next pass.
   *
   * @param most ends after so many
   * @throws RingcapError INPUT, after the frames before the fault
   */
  async *read(most: number): AsyncGenerator<FrameBatch, void, undefined> {
    const kept = this.#pass > 0 ? this.#kept : undefined;
    let left = most;
    for await (const batch of kept ?? this.#readFile()) {
      if (this.#stopped) return;
      const { frames } = batch;
      if (frames.count > left) frames.count = left;
      left -= frames.count;
      yield this.#passStart === 0 ? batch : delayed(batch, this.#passStart);
      if (left === 0) return;
    }
    if (kept === undefined) this.#passLength = this.#schedule?.rewind() ?? 0;
    else this.#behind += this.size;
    this.#passStart += this.#passLength;
    this.#pass++;
  }

  async *#readFile(): AsyncGenerator<FrameBatch, void, undefined> {
    await this.open();
    const [capture, reader] = [this.#capture, this.#reader];
    if (capture === undefined || reader === undefined || this.#stopped) return;
    try {
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
        yield* this.#framesOf(batch);
      }
    } finally {
      this.#behind += capture.position;
      await this.#closeReader();
    }
  }

  *#framesOf(batch: CaptureBatch): Generator<FrameBatch, void, undefined> {
    const packet = batch.cursor();
    let slot = this.#nextSlot();
    let fault: RingcapError | undefined;
    while (packet.next()) {
      fault = this.#faultOf(packet);
      if (fault !== undefined) break;
      const length = frameLength(packet);
      if (!slot.builder.fits(length)) {
        yield this.#keep(slot);
        slot = this.#nextSlot();
      }
      if (this.#schedule !== undefined) {
        const { seconds, nanoseconds, hasTimestamp } = packet;
        slot.due[slot.builder.batch.count] = this.#schedule.next(seconds, nanoseconds, hasTimestamp);
      }
      if (this.#pass === 0 && packet.capturedLength < packet.originalLength) this.truncated++;
      slot.builder.add(packet, length);
    }
    // Frames that are there do not wait for more, because the input may be a pipe.
    if (slot.builder.batch.count > 0) yield this.#keep(slot);
    if (fault !== undefined) throw fault;
  }

  /** The batch of a slot, of which a copy is kept for the next pass, as long as all of the file can be. */
  #keep({ builder, due }: Slot): FrameBatch {
    const batch = { frames: builder.batch, due: this.#schedule === undefined ? undefined : due };
    if (this.#kept === undefined) return batch;
    const { bytes, count } = builder.batch;
    const used = builder.length;
    this.#keptBytes += used;
    if (this.#keptBytes > KEPT_MAX) {
      this.#kept = undefined;
      return batch;
    }
    const copy = bytes.slice(0, used);
    const frames = { ...builder.batch, bytes: copy, words: new Uint32Array(copy.buffer) };
    this.#kept.push({ frames, due: batch.due?.slice(0, count) });
    return batch;
  }

  /** Ends read(), also while it waits for bytes. */
  stop(): void {
    this.#stopped = true;
    this.#reader?.stop();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#closeReader();
  }

  async #closeReader(): Promise<void> {
    const reader = this.#reader;
    this.#capture = undefined;
    this.#reader = undefined;
    await reader?.close();
  }

  #nextSlot(): Slot {
    this.#turn = 1 - this.#turn;
    const slot = this.#turn === 0 ? this.#slots[0] : this.#slots[1];
    slot.builder.clear();
    return slot;
  }

  #faultOf(packet: CaptureCursor): RingcapError | undefined {
    const { linkType } = packet.interface;
    if (this.#limits.takesLinkType(linkType)) return undefined;
    const operation = `send ${escapeText(this.name)}`;
    const { name, description } = describeLinkType(linkType);
    const where = `${operation}: byte ${packet.fileOffset}: packet ${packet.number}`;
    const message = `${where} is of link-type ${name} (${description}), which ${this.#limits.interface} does not send`;
    return new RingcapError(message, { code: "INPUT", operation });
  }
}

interface Slot {
  readonly builder: InputBatchBuilder;
  readonly due: Float64Array;
}

function newSlot(): Slot {
  return { builder: new InputBatchBuilder(), due: new Float64Array(DUE_MAX) };
}

function delayed({ frames, due }: FrameBatch, nanoseconds: number): FrameBatch {
  return { frames, due: due?.subarray(0, frames.count).map((time) => time + nanoseconds) };
}

/** The frame check sequence is left out, because the interface makes it anew. */
function frameLength(packet: CaptureCursor): number {
  const { capturedLength, originalLength } = packet;
  const checked = packet.interface.fcsLength ?? 0;
  return checked === 0 ? capturedLength : Math.max(0, Math.min(capturedLength, originalLength - checked));
}
