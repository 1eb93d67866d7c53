/** Encodes the details of a packet as options: draft-ietf-opsawg-pcapng, section 4.3. */
import { usageError } from "../../errors.ts";
import {
  EPB_DROPCOUNT,
  EPB_FLAGS,
  EPB_HASH,
  EPB_PACKETID,
  EPB_PROCESSID_THREADID,
  EPB_QUEUE,
  EPB_VERDICT,
} from "./blocks/enhanced-packet.ts";
import { checkNumber, MOST_32, unsigned64 } from "./checks.ts";
import { commentOptions, optional, type PcapngOption } from "./options.ts";

/** A packet as PcapngWriter.write() takes it. */
export interface PcapngPacket {
  /** The number of the interface that addInterface() returned. */
  readonly interfaceId: number;
  /** Nanoseconds since the epoch. An interface with a coarser unit cuts them off. */
  readonly timestampNanoseconds: bigint;
  /** The captured bytes. Bytes beyond the interface's snapshot length are left out. */
  readonly data: Uint8Array;
  /** Bytes of the packet on the wire. The default is the length of `data`. */
  readonly originalLength?: number | undefined;
  /** Whether the packet came in or went out. */
  readonly direction?: "in" | "out" | undefined;
  /**
   * The bits of epb_flags (section 4.3.1). Bits 0 and 1 are the direction, which must not differ from `direction` where
   * both are given.
   */
  readonly flags?: number | undefined;
  /** The number of the interface's receive queue. */
  readonly queue?: number | undefined;
  /** Packets lost between this packet and the one before it on the same interface. */
  readonly dropCount?: bigint | number | undefined;
  /** A number that is the same for all copies of one packet. */
  readonly packetId?: bigint | undefined;
  readonly verdict?: PacketVerdict | undefined;
  readonly hash?: PacketHash | undefined;
  /** A comment, or several. */
  readonly comment?: string | readonly string[] | undefined;
  /** The process and thread that sent the packet. A process with the number 0 is not known. */
  readonly processIdThreadId?: { readonly processId: number; readonly threadId?: number | undefined } | undefined;
}

/** What became of a packet (epb_verdict), by what decided it. */
export type PacketVerdict =
  /** The value of TC_ACT_ (linux/pkt_cls.h) or of xdp_action (linux/bpf.h). */
  | { readonly kind: "tc" | "xdp"; readonly value: bigint | number }
  | { readonly kind: "hardware"; readonly value: Uint8Array };

/** A hash of a packet (epb_hash). */
export interface PacketHash {
  /** The algorithm of the hash: 2 is CRC32, 3 is MD5, 4 is SHA-1, 5 is Toeplitz. */
  readonly algorithm: number;
  /** The bytes of the hash. */
  readonly value: Uint8Array;
}

const DIRECTIONS = { in: 1, out: 2 } as const;
const DIRECTION_BITS = 3;
const VERDICT_KINDS = { hardware: 0, tc: 1, xdp: 2 } as const;

/** Returns the details as options. @throws RingcapError USAGE for a value that an option cannot hold */
export function packetOptions(packet: PcapngPacket): PcapngOption[] {
  const { queue, dropCount, packetId, processIdThreadId: ids } = packet;
  return [
    ...optional(EPB_FLAGS, flagsOf(packet)),
    ...optional(EPB_HASH, packet.hash && hashValue(packet.hash)),
    ...optional(EPB_DROPCOUNT, dropCount === undefined ? undefined : unsigned64("dropCount", dropCount)),
    ...optional(EPB_PACKETID, packetId === undefined ? undefined : unsigned64("packetId", packetId)),
    ...optional(EPB_QUEUE, checked("queue", queue)),
    ...optional(EPB_VERDICT, packet.verdict && verdictValue(packet.verdict)),
    ...optional(EPB_PROCESSID_THREADID, ids && [ids.processId, ids.threadId ?? 0]),
    ...commentOptions(packet.comment),
  ];
}

function flagsOf({ flags, direction }: PcapngPacket): number | undefined {
  checked("flags", flags);
  if (direction === undefined) return flags;
  if (!Object.hasOwn(DIRECTIONS, direction)) throw usageError("direction", `"${direction}" is neither in nor out`);
  const bits = DIRECTIONS[direction];
  const said = (flags ?? 0) & DIRECTION_BITS;
  if (said !== 0 && said !== bits)
    throw usageError("flags", `${flags} are not those of a packet that goes ${direction}`);
  return ((flags ?? 0) | bits) >>> 0;
}

function checked(name: string, value: number | undefined): number | undefined {
  if (value !== undefined) checkNumber(name, value, MOST_32);
  return value;
}

function hashValue({ algorithm, value }: PacketHash): PcapngOption["value"] {
  checkNumber("hash.algorithm", algorithm, 0xff);
  return [Uint8Array.of(algorithm), value];
}

function verdictValue(verdict: PacketVerdict): PcapngOption["value"] {
  if (!Object.hasOwn(VERDICT_KINDS, verdict.kind)) {
    throw usageError("verdict.kind", `"${verdict.kind}" is none of hardware, tc and xdp`);
  }
  const kind = Uint8Array.of(VERDICT_KINDS[verdict.kind]);
  return [kind, verdict.kind === "hardware" ? verdict.value : BigInt.asUintN(64, BigInt(verdict.value))];
}
