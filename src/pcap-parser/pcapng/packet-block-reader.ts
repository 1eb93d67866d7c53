/**
 * The checks that the three kinds of packet blocks share. They read a block in the window without making an object for
 * it.
 */
import type { ByteWindow } from "../byte-window.ts";
import type { FaultReporter } from "../capture-file-error.ts";
import { MOST_CAPTURED_BYTES } from "../limits.ts";
import type { CaptureInterface } from "../section.ts";
import { checkOptions, type OptionLengths, padTo4 } from "./options.ts";
import { BLOCK_TRAILER_LENGTH } from "./raw-block.ts";
import type { TimeScale } from "./time-scale.ts";

export class PacketBlockReader {
  /** Index of the block's first byte in the window. */
  start = 0;
  /** Bytes of the block. */
  length = 0;
  #view: DataView;
  #window: ByteWindow | undefined;
  #littleEndian = true;
  #interfaces: readonly CaptureInterface[] = [];
  readonly #faults: FaultReporter;

  constructor(faults: FaultReporter) {
    this.#faults = faults;
    this.#view = new DataView(new ArrayBuffer(0));
  }

  /** Turns to the blocks of a section in the window. */
  enter(window: ByteWindow, littleEndian: boolean, interfaces: readonly CaptureInterface[]): void {
    this.#window = window;
    this.#view = window.view;
    this.#littleEndian = littleEndian;
    this.#interfaces = interfaces;
  }

  /** Reads 16 bits at an offset from the block's first byte. */
  uint16(offset: number): number {
    return this.#view.getUint16(this.start + offset, this.#littleEndian);
  }

  uint32(offset: number): number {
    return this.#view.getUint32(this.start + offset, this.#littleEndian);
  }

  require(name: string, headerLength: number): void {
    if (this.length < headerLength + BLOCK_TRAILER_LENGTH) {
      throw this.#corrupt(4, `a block of ${this.length} bytes is too short to be ${name}`);
    }
  }

  /** Returns an interface of the section. @param offset of the field that names the interface, for the error */
  interfaceOf(offset: number, id: number): CaptureInterface {
    const found = this.#interfaces[id];
    if (found === undefined) {
      throw this.#corrupt(offset, `interface ${id} of a section that described ${this.#interfaces.length} interfaces`);
    }
    return found;
  }

  timeScale(offset: number, id: number): TimeScale {
    return this.interfaceOf(offset, id).timeScale;
  }

  splitTime(scale: TimeScale, offset: number): void {
    if (!scale.split(this.uint32(offset), this.uint32(offset + 4))) {
      throw this.#faults.unsupported(this.#fileOffset(offset), "a time more than 2^53 seconds from the epoch");
    }
  }

  /** Checks the captured length and the options behind the packet's bytes. */
  checkPacket(lengthOffset: number, headerLength: number, captured: number, lengths: OptionLengths): void {
    const options = this.#checkLength(lengthOffset, headerLength, captured);
    const end = this.length - BLOCK_TRAILER_LENGTH;
    if (options === end) return;
    const { start } = this;
    const fault = checkOptions(this.#view, start + options, start + end, this.#littleEndian, lengths);
    if (fault !== undefined) throw this.#corrupt(fault.offset - start, fault.message);
  }

  /** Checks a block that has nothing behind the packet's bytes, as checkPacket() does for one that has options. */
  checkWholePacket(lengthOffset: number, headerLength: number, captured: number): void {
    const end = this.#checkLength(lengthOffset, headerLength, captured);
    if (end !== this.length - BLOCK_TRAILER_LENGTH) {
      throw this.#corrupt(4, `a block of ${this.length} bytes for a packet of ${captured} captured bytes`);
    }
  }

  /** Checks the captured length. @returns the offset at which the packet's bytes and their padding end */
  #checkLength(offset: number, headerLength: number, captured: number): number {
    if (captured > MOST_CAPTURED_BYTES) {
      throw this.#corrupt(offset, `a packet of ${captured} captured bytes; more than ${MOST_CAPTURED_BYTES} cannot be`);
    }
    const end = headerLength + padTo4(captured);
    if (end > this.length - BLOCK_TRAILER_LENGTH) {
      throw this.#corrupt(offset, `a packet of ${captured} bytes does not fit its block of ${this.length}`);
    }
    return end;
  }

  #fileOffset(offset: number): number {
    return (this.#window?.offsetOf(this.start) ?? 0) + offset;
  }

  #corrupt(offset: number, what: string): Error {
    return this.#faults.corrupt(this.#fileOffset(offset), what);
  }
}
