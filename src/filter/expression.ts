/** A filter expression of tcpdump's language, pcap-filter(7), compiled by libpcap to classic BPF. */

import { RingcapError } from "../errors.ts";
import { compilePcapFilter, type PcapFilterTarget } from "../native/pcap-filter.ts";
import { underline } from "../options/index.ts";
import type { ByteOrder } from "../packets/byte-order.ts";
import { decode } from "./classic/decode.ts";
import { instructionsOf } from "./classic/encoding.ts";
import type { Program, RawInstruction } from "./classic/instruction.ts";
import { unrollLoops } from "./classic/unroll-loops.ts";
import { dataLinkTypeOf, fileLinkTypeOf } from "./data-link-types.ts";
import { locateFault } from "./expression-fault.ts";
import { hintAgainstHabit } from "./expression-habits.ts";
import { chainPrograms, partsOfLongList } from "./long-list.ts";
import { weighForOptimiser } from "./optimiser-patience.ts";

export interface CompiledExpression {
  readonly text: string;
  /** LINKTYPE_ number of the packets that it was compiled for. */
  readonly linkType: number;
  /**
   * The program as libpcap gave it, for readers. protochain is a loop in it, which a packet can keep going for ever.
   */
  readonly listing: readonly RawInstruction[];
  /** The program without loops, for kernels and libraries that run classic BPF. */
  readonly raw: readonly RawInstruction[];
  /** The program without loops, decoded and checked. */
  readonly program: Program;
}

export interface ExpressionOptions {
  /** Bytes, what the program returns for a match. Default 262144. */
  readonly snapshotLength?: number | undefined;
  /** Default true; false is tcpdump's -O. */
  readonly optimise?: boolean | undefined;
  /** For `ip broadcast`: 0xffffff00 is 255.255.255.0. Default 0, as tcpdump has: only 255.255.255.255 and 0.0.0.0 are. */
  readonly netmask?: number | undefined;
  /**
   * The byte order of the capture file whose packets the expression is for. What libpcap compiles for a file is not
   * always what it compiles for a capture. Default: the packets are captured.
   */
  readonly fileByteOrder?: ByteOrder | undefined;
  /** Called before a compilation that takes long. No JavaScript runs during it. */
  readonly onNote?: ((note: string) => void) | undefined;
}

const OPERATION = "compile the expression";
const SNAPSHOT_LENGTH_DEFAULT = 262_144;
/** Bytes: some 10,000 primitives, more than a program holds. libpcap descends into an expression on the stack. */
const LENGTH_MAX = 65_536;

/**
 * Compiles an expression. As in tcpdump, an empty one matches every packet, and names of hosts and services are looked
 * up on this machine, which may wait for a name server.
 *
 * @param linkType LINKTYPE_ number of the packets
 * @throws RingcapError USAGE with libpcap's words and, where it is known, the place; INSTALLATION without libpcap
 */
export function compileExpression(text: string, linkType: number, options: ExpressionOptions = {}): CompiledExpression {
  const listing = compileToRaw(text, linkType, options);
  const program = decode(listing);
  return { text, linkType, listing, raw: unrollLoops(listing), program };
}

/** Compiles as compileExpression() does, and refuses nothing to which libpcap has no objection. */
export function compileToRaw(text: string, linkType: number, options: ExpressionOptions = {}): RawInstruction[] {
  if (text.length > LENGTH_MAX) throw refusal(`it has ${text.length} characters, more than ${LENGTH_MAX}`);
  if (text.includes("\0")) throw refusal("there is a zero character in it");
  const byteOrder = options.fileByteOrder ?? "none";
  const target: PcapFilterTarget = {
    linkType: byteOrder === "none" ? dataLinkTypeOf(linkType) : fileLinkTypeOf(linkType),
    byteOrder,
    snapshotLength: options.snapshotLength ?? SNAPSHOT_LENGTH_DEFAULT,
    optimise: options.optimise ?? true,
    netmask: options.netmask ?? 0,
  };
  const list = target.optimise ? compileLongList(text, target) : undefined;
  if (list !== undefined) return list;
  const note = weighForOptimiser(text, target, refusal);
  if (note !== undefined) options.onNote?.(note);
  const { code, complaint } = compilePcapFilter(text, target);
  if (complaint === undefined) return instructionsOf(code);
  const fault = locateFault(text, complaint, (part) => compilePcapFilter(part, target).complaint);
  const shown = fault === undefined ? undefined : underline(text, fault);
  const hint = fault === undefined ? undefined : hintAgainstHabit(text.slice(fault.start, fault.end), complaint);
  throw refusal(shown === undefined ? complaint : `${complaint}\n${shown}`, hint);
}

/** Undefined also for a list with a mistake, whose place is looked for in the whole. */
function compileLongList(text: string, target: PcapFilterTarget): RawInstruction[] | undefined {
  const programs: RawInstruction[][] = [];
  for (const part of partsOfLongList(text) ?? []) {
    const { code } = compilePcapFilter(part, target);
    if (code === undefined) return undefined;
    programs.push(instructionsOf(code));
  }
  return programs.length === 0 ? undefined : chainPrograms(programs);
}

function refusal(message: string, hint?: string): RingcapError {
  // libpcap quotes words as they are.
  const printable = message.replaceAll(/(?!\n)\p{Cc}/gu, "?");
  return new RingcapError(`${OPERATION}: ${printable}`, { code: "USAGE", operation: OPERATION, hint });
}
