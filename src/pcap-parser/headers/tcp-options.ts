/** TCP options: RFC 9293 (end, no-operation, MSS), RFC 7323 (window scale, timestamps), RFC 2018 (SACK). */
import { type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";

/** An option of TCP, by its name. */
export type TcpOption =
  | { readonly name: "end" | "noOperation" | "sackPermitted" }
  /** The value is in bytes. */
  | { readonly name: "maximumSegmentSize"; readonly value: number }
  | { readonly name: "windowScale"; readonly shift: number }
  | { readonly name: "sack"; readonly blocks: readonly SackBlock[] }
  | { readonly name: "timestamps"; readonly value: number; readonly echoReply: number }
  /** An option of any other kind. `data` holds the bytes that follow kind and length. */
  | { readonly name: "other"; readonly kind: number; readonly data: Uint8Array };

/** A block of a selective acknowledgement: RFC 2018. */
export interface SackBlock {
  /** The first sequence number of the block. */
  readonly left: number;
  /** The sequence number that follows the last one of the block. */
  readonly right: number;
}

/** Appends the options between the offsets `start` and `end` to `options`, up to the first that cannot be read. */
export function decodeTcpOptions(
  bytes: Uint8Array,
  start: number,
  end: number,
  options: TcpOption[],
): DecodeProblem | undefined {
  let at = start;
  while (at < end) {
    const short = shortfall("tcp", bytes, at, 1, end);
    if (short !== undefined) return short;
    const kind = uint8(bytes, at);
    if (kind === 0) {
      options.push({ name: "end" });
      return undefined;
    }
    if (kind === 1) {
      options.push({ name: "noOperation" });
      at += 1;
      continue;
    }
    const lengthShort = shortfall("tcp", bytes, at, 2, end);
    if (lengthShort !== undefined) return lengthShort;
    const length = uint8(bytes, at + 1);
    if (length < 2) return malformed("tcp", at);
    const dataShort = shortfall("tcp", bytes, at, length, end);
    if (dataShort !== undefined) return dataShort;
    const option = decodeOption(bytes, at, kind, length);
    if (option === undefined) return malformed("tcp", at);
    options.push(option);
    at += length;
  }
  return undefined;
}

/** Decodes one option. @returns undefined when the length is not one that an option of this kind can have */
function decodeOption(bytes: Uint8Array, at: number, kind: number, length: number): TcpOption | undefined {
  switch (kind) {
    case 2:
      return length === 4 ? { name: "maximumSegmentSize", value: uint16(bytes, at + 2) } : undefined;
    case 3:
      return length === 3 ? { name: "windowScale", shift: uint8(bytes, at + 2) } : undefined;
    case 4:
      return length === 2 ? { name: "sackPermitted" } : undefined;
    case 5:
      return (length - 2) % 8 === 0 ? { name: "sack", blocks: sackBlocks(bytes, at + 2, at + length) } : undefined;
    case 8:
      return length === 10
        ? { name: "timestamps", value: uint32(bytes, at + 2), echoReply: uint32(bytes, at + 6) }
        : undefined;
    default:
      return { name: "other", kind, data: bytes.subarray(at + 2, at + length) };
  }
}

function sackBlocks(bytes: Uint8Array, start: number, end: number): SackBlock[] {
  const blocks: SackBlock[] = [];
  for (let at = start; at < end; at += 8) blocks.push({ left: uint32(bytes, at), right: uint32(bytes, at + 4) });
  return blocks;
}
