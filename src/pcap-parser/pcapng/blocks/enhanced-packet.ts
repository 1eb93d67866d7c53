/** Enhanced Packet Block: draft-ietf-opsawg-pcapng, section 4.3. */
import type { PacketColumns } from "../../packet-columns.ts";
import { type BlockOptions, type OptionLengths, padTo4 } from "../options.ts";
import type { PacketBlockReader } from "../packet-block-reader.ts";
import type { RawBlock } from "../raw-block.ts";

export const ENHANCED_PACKET = 6;

const HEADER_LENGTH = 28;
const EPB_FLAGS = 2;
const EPB_HASH = 3;
export const EPB_DROPCOUNT = 4;
const EPB_PACKETID = 5;
const EPB_QUEUE = 6;
const EPB_VERDICT = 7;
const EPB_PROCESSID_THREADID = 8;

export const PACKET_OPTION_LENGTHS: OptionLengths = {
  [EPB_FLAGS]: 4,
  [EPB_DROPCOUNT]: 8,
  [EPB_PACKETID]: 8,
  [EPB_QUEUE]: 4,
};

/** A packet with its time and interface: draft-ietf-opsawg-pcapng, section 4.3. */
export interface EnhancedPacketBlock {
  readonly kind: "enhanced-packet";
  readonly raw: RawBlock;
  /** The number of the interface within its section, from 0. */
  readonly interfaceId: number;
  /** The time as it is in the file: units of the interface since the epoch, without the interface's if_tsoffset. */
  readonly timestampUnits: bigint;
  /** Bytes of the packet on the wire, as the file states. */
  readonly originalLength: number;
  /** The captured bytes. */
  readonly data: Uint8Array;
  readonly options: BlockOptions;
}

/** Reads the fields of a block that was decoded, and thereby checked, before. */
export function readEnhancedPacket(raw: RawBlock): EnhancedPacketBlock {
  return { kind: "enhanced-packet", raw, interfaceId: raw.uint32(8), ...readTimedPacket(raw) };
}

/** Reads the fields that enhanced and obsolete packet blocks have at the same places. */
export function readTimedPacket(
  raw: RawBlock,
): Pick<EnhancedPacketBlock, "timestampUnits" | "originalLength" | "data" | "options"> {
  const captured = raw.uint32(20);
  return {
    timestampUnits: raw.time(12),
    originalLength: raw.uint32(24),
    data: raw.bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + captured),
    options: raw.options(HEADER_LENGTH + padTo4(captured)),
  };
}

/** Checks the block, and adds its packet to the columns. @throws CaptureFileError if its lengths do not fit */
export function decodeEnhancedPacket(block: PacketBlockReader, columns: PacketColumns): void {
  block.require("an enhanced packet block", HEADER_LENGTH);
  decodeTimedPacket(block, columns, block.uint32(8));
}

/**
 * Decodes the fields that enhanced and obsolete packet blocks have at the same places.
 *
 * @throws CaptureFileError if the lengths do not fit
 */
export function decodeTimedPacket(block: PacketBlockReader, columns: PacketColumns, interfaceId: number): void {
  const scale = block.timeScale(8, interfaceId);
  block.splitTime(scale, 12);
  const captured = block.uint32(20);
  const original = block.uint32(24);
  block.checkPacket(20, HEADER_LENGTH, captured, PACKET_OPTION_LENGTHS);
  const { start, length } = block;
  columns.add(start, length, HEADER_LENGTH, scale.seconds, scale.nanoseconds, captured, original, interfaceId);
}

/** The options of a packet by name. An option that the packet does not have is undefined, or an empty list. */
export interface EnhancedPacketOptions {
  /** Comments as they are in the file, which escapeText() makes safe to print. */
  readonly comments: readonly string[];
  /**
   * The bits of epb_flags: direction in bits 0 and 1 (1 is in, 2 is out), kind of reception in 2 to 4, link-layer
   * errors in 16 to 31.
   */
  readonly flags: number | undefined;
  /** The direction out of `flags`; undefined where they do not say. */
  readonly direction: "in" | "out" | undefined;
  /** The number of each hash's algorithm (2 is CRC32), and the hash. */
  readonly hashes: readonly { readonly algorithm: number; readonly value: Uint8Array }[];
  /** Packets lost between this packet and the one before it on the same interface. */
  readonly dropCount: bigint | undefined;
  /** A number that is the same for all copies of one packet. */
  readonly packetId: bigint | undefined;
  /** The number of the interface's receive queue. */
  readonly queue: number | undefined;
  /** The kind of each verdict (1 is Linux TC, 2 is Linux XDP), and the verdict. */
  readonly verdicts: readonly { readonly kind: number; readonly value: Uint8Array }[];
  /** The process and thread that sent the packet. A process with the number 0 is not known. */
  readonly processIdThreadId: { readonly processId: number; readonly threadId: number } | undefined;
}

/**
 * Decodes the options of a packet by name. They may be those of an obsolete packet block, which has the first of them.
 */
export function enhancedPacketOptions(options: BlockOptions): EnhancedPacketOptions {
  const flags = options.uint32(EPB_FLAGS);
  const direction = (flags ?? 0) & 3;
  return {
    comments: options.comments,
    flags,
    direction: direction === 1 ? "in" : direction === 2 ? "out" : undefined,
    hashes: numbered(options, EPB_HASH).map(({ number, value }) => ({ algorithm: number, value })),
    dropCount: options.uint64(EPB_DROPCOUNT),
    packetId: options.uint64(EPB_PACKETID),
    queue: options.uint32(EPB_QUEUE),
    verdicts: numbered(options, EPB_VERDICT).map(({ number, value }) => ({ kind: number, value })),
    processIdThreadId: processIdThreadId(options),
  };
}

function processIdThreadId(options: BlockOptions): EnhancedPacketOptions["processIdThreadId"] {
  const value = options.value(EPB_PROCESSID_THREADID);
  if (value?.length !== 8) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const { littleEndian } = options;
  return { processId: view.getUint32(0, littleEndian), threadId: view.getUint32(4, littleEndian) };
}

/** Returns the values of an option whose first byte says what the other bytes are. */
function numbered(options: BlockOptions, code: number): { number: number; value: Uint8Array }[] {
  const found: { number: number; value: Uint8Array }[] = [];
  for (const value of options.values(code)) {
    const [number] = value;
    if (number !== undefined) found.push({ number, value: value.subarray(1) });
  }
  return found;
}
