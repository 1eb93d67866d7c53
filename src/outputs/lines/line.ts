/** The line of one packet while it is made: the bytes that may be read, and the text that was made from them. */
import type { IpHeader } from "./ip-fields.ts";
import type { LineFlags } from "./line-flags.ts";
import type { LineMemory } from "./line-memory.ts";

/**
 * The most characters of a line. A packet can hold thousands of options, names and records, and nobody reads more of
 * them.
 */
const LONGEST_TEXT = 16_384;
/** The most packets within packets that are printed. */
const MOST_LAYERS = 16;

/** Thrown where the captured bytes end before a header does, and caught where `[|protocol]` is printed. */
class CutShort extends Error {}
const CUT_SHORT = new CutShort();
/** Thrown where `[|protocol]` is printed already. */
class Stopped extends Error {}
const STOPPED = new Stopped();
/** Thrown when the text has reached its longest length. */
class LineFull extends Error {}
const LINE_FULL = new LineFull();

/**
 * Prints what lies at offset `at`, which had `length` bytes on the wire. `line.end` is the offset at which the captured
 * bytes end. A printer may end by an exception of `line`, which whoever began the line catches.
 */
export type Printer = (line: Line, at: number, length: number) => void;

/** The printers of what other protocols carry. Other printers reach them only through the line. */
export interface InnerPrinters {
  readonly ethernet: Printer;
  /** Prints what a frame carries. @returns whether there is a printer for the EtherType */
  readonly etherType: (line: Line, etherType: number, at: number, length: number) => boolean;
  /** Prints what an IP packet carries, by its protocol number. */
  readonly transport: (line: Line, protocol: number, at: number, length: number, header: IpHeader) => void;
}

export class Line {
  text = "";
  /** The protocol that is named where the packet turns out to be cut: `[|tcp]`. */
  protocol = "";
  /** The source address of the innermost IP packet. `destination` is its destination address. */
  source = "";
  destination = "";
  /** The offset at which reading must stop: the end of the captured bytes, or of the inner packet. */
  end: number;
  readonly bytes: Uint8Array;
  readonly flags: LineFlags;
  readonly memory: LineMemory;
  readonly inner: InnerPrinters;
  #layers = 0;

  constructor(bytes: Uint8Array, flags: LineFlags, memory: LineMemory, inner: InnerPrinters) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.flags = flags;
    this.memory = memory;
    this.inner = inner;
  }

  /** Runs the printer, and prints `[|protocol]` where the captured bytes ended too early. */
  print(printer: Printer, at: number, length: number): void {
    try {
      printer(this, at, length);
    } catch (error) {
      if (error === CUT_SHORT) this.text += ` [|${this.protocol}]`;
      else if (error === LINE_FULL) this.text += " [...]";
      else if (error !== STOPPED) throw error;
    }
  }

  /**
   * Runs a part of a printer. Where the captured bytes end too early, it prints `[|protocol]` and lets the caller go
   * on.
   */
  attempt(print: () => void): void {
    try {
      print();
    } catch (error) {
      if (error !== CUT_SHORT) throw error;
      this.mark();
    }
  }

  /** Runs the printer of an inner packet. A packet that is nested too deep is not printed. */
  enter(printer: Printer, at: number, length: number): void {
    if (this.#layers === MOST_LAYERS) {
      this.add(" [...]");
      return;
    }
    this.#layers++;
    printer(this, at, length);
    this.#layers--;
  }

  /** Runs a printer that sees no bytes from `end` on, because the padding behind a packet does not belong to it. */
  within(end: number, printer: () => void): void {
    const before = this.end;
    this.end = Math.min(before, end);
    printer();
    this.end = before;
  }

  add(text: string): void {
    this.text += text;
    if (this.text.length > LONGEST_TEXT) throw LINE_FULL;
  }

  /**
   * Prints `[|protocol]` where bytes of a header were not captured. What is behind the header is printed nevertheless.
   */
  mark(protocol = this.protocol): void {
    this.add(` [|${protocol}]`);
  }

  invalid(): void {
    this.add(" (invalid)");
  }

  cut(): never {
    throw CUT_SHORT;
  }

  /** Ends the line as it is. */
  stop(): never {
    throw STOPPED;
  }

  /** Returns the number of captured bytes from `at` on. */
  captured(at: number): number {
    return Math.max(0, this.end - at);
  }

  has(at: number, length: number): boolean {
    return at + length <= this.end;
  }

  /** Ends the line if not all of `length` bytes from `at` on were captured. */
  need(at: number, length: number): void {
    if (at + length > this.end) throw CUT_SHORT;
  }

  u8(at: number): number {
    if (at >= this.end) throw CUT_SHORT;
    return this.bytes[at] ?? 0;
  }

  u16(at: number): number {
    if (at + 2 > this.end) throw CUT_SHORT;
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  u24(at: number): number {
    return (this.u16(at) << 8) | this.u8(at + 2);
  }

  u32(at: number): number {
    return ((this.u16(at) << 16) | this.u16(at + 2)) >>> 0;
  }

  u64(at: number): bigint {
    return (BigInt(this.u32(at)) << 32n) | BigInt(this.u32(at + 4));
  }

  u16le(at: number): number {
    return this.u8(at) | (this.u8(at + 1) << 8);
  }

  u32le(at: number): number {
    return (this.u16le(at) | (this.u16le(at + 2) << 16)) >>> 0;
  }

  slice(at: number, length: number): Uint8Array {
    this.need(at, length);
    return this.bytes.subarray(at, at + length);
  }
}
