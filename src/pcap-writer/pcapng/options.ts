/** Options of blocks: draft-ietf-opsawg-pcapng, section 3.5. */
import { usageError } from "../../errors.ts";
import type { BlockBytes } from "./block-bytes.ts";
import { checkNumber, checkText, MOST_16, MOST_32 } from "./checks.ts";
import { type OptionLayouts, turned } from "./option-layouts.ts";

/**
 * A text, a number of 32 bits (number), a number of 64 bits (bigint), numbers of 16 bits, or bytes that are written as
 * they are.
 */
export type OptionPart = string | number | bigint | Int16Array | Uint8Array;

/** An option of a block: draft-ietf-opsawg-pcapng, section 3.5. */
export interface PcapngOption {
  /** The code of the option, from 1 to 65535. The end of the options, which has the code 0, is written in any case. */
  readonly code: number;
  /**
   * The value, of at most 65535 bytes. Several parts are written one behind the other, and numbers in the byte order of
   * the block.
   */
  readonly value: OptionPart | readonly OptionPart[];
}

/**
 * Options in the order in which they are written. Where `littleEndian` is given, as by ringcap/pcap-parser, the bytes
 * of the values are in that byte order. Numbers that the draft defines are turned if the block is in the other one.
 */
export interface PcapngOptions extends Iterable<PcapngOption> {
  readonly littleEndian?: boolean;
  /**
   * All options as they are in a file, with their padding and their end. They are written as they are where the byte
   * order is the same.
   */
  readonly bytes?: Uint8Array;
}

const END_OF_OPTIONS = 0;
const COMMENT = 1;

/** Returns a comment, or several, as options. Every block can have opt_comment, and more than once. */
export function commentOptions(comment: string | readonly string[] | undefined): PcapngOption[] {
  if (comment === undefined) return [];
  return (typeof comment === "string" ? [comment] : comment).map((value) => ({ code: COMMENT, value }));
}

/** Returns a list with the option, or an empty list where the value is undefined. */
export function optional(code: number, value: PcapngOption["value"] | undefined): PcapngOption[] {
  return value === undefined ? [] : [{ code, value }];
}

/** Appends options to options, in the byte order of the first ones. */
export function addOptions(options: PcapngOptions | undefined, ...more: readonly PcapngOption[]): PcapngOptions {
  const list = [...(options ?? []), ...more];
  return options?.littleEndian === undefined ? list : Object.assign(list, { littleEndian: options.littleEndian });
}

/**
 * Adds the options and their end to a block, or nothing where there are no options.
 *
 * @throws RingcapError USAGE for a value that an option cannot hold
 */
export function putOptions(into: BlockBytes, options: PcapngOptions | undefined, layouts: OptionLayouts): void {
  if (options === undefined) return;
  if (options.bytes !== undefined && options.littleEndian === into.littleEndian) {
    into.bytes(options.bytes);
    into.pad();
    return;
  }
  const isTurned = options.littleEndian !== undefined && options.littleEndian !== into.littleEndian;
  let some = false;
  for (const { code, value } of options) {
    putOption(into, code, isTurned && value instanceof Uint8Array ? turned(code, value, layouts) : value);
    some = true;
  }
  if (some) into.uint32(END_OF_OPTIONS);
}

function putOption(into: BlockBytes, code: number, value: PcapngOption["value"]): void {
  if (!Number.isInteger(code) || code < 1 || code > MOST_16) {
    throw usageError("option", `${code} is not a code from 1 to ${MOST_16}`);
  }
  const name = `option ${code}`;
  into.uint16(code);
  into.uint16(0);
  const start = into.length;
  if (isParts(value)) for (const part of value) putPart(into, name, part);
  else putPart(into, name, value);
  const length = into.length - start;
  if (length > MOST_16) throw usageError(name, `${length} bytes; an option has ${MOST_16} at most`);
  into.view.setUint16(start - 2, length, into.littleEndian);
  into.pad();
}

function isParts(value: PcapngOption["value"]): value is readonly OptionPart[] {
  return Array.isArray(value);
}

function putPart(into: BlockBytes, name: string, part: OptionPart): void {
  if (typeof part === "string") {
    checkText(name, part);
    into.text(part);
  } else if (typeof part === "number") {
    checkNumber(name, part, MOST_32);
    into.uint32(part);
  } else if (typeof part === "bigint") {
    into.int64(name, part);
  } else if (part instanceof Int16Array) {
    for (const number of part) into.uint16(number & MOST_16);
  } else {
    into.bytes(part);
  }
}
