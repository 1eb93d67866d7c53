/**
 * Classic BPF, the machine for which libpcap compiles expressions. It has two registers of 32 bits, sixteen words of
 * scratch memory, and jumps that only go forward, except for the loop of protochain (linux/filter.h,
 * linux/bpf_common.h; McCanne and Jacobson, USENIX 1993).
 */

/** An instruction as files and the kernel have it: struct bpf_insn of pcap/bpf.h. All are unsigned, k of 32 bits. */
export interface RawInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** The accumulator and the index register. */
export type Register = "A" | "X";

/** A constant of 32 bits, unsigned, or the index register. */
export type Operand = number | "X";

export type AluOperator = "add" | "sub" | "mul" | "div" | "mod" | "and" | "or" | "xor" | "lsh" | "rsh";

/** How A compares, unsigned, with the operand; any-bit: whether they have a bit in common. */
export type Comparison = "equal" | "greater" | "greater-or-equal" | "any-bit";

/** Bytes that a load takes from the packet, most significant first. */
export type LoadSize = 1 | 2 | 4;

/** Values of a packet that are not in its bytes (SKF_AD_OFF of linux/filter.h). */
export type AncillaryField =
  | "protocol"
  | "pkttype"
  | "ifindex"
  | "nlattr"
  | "nlattr-nest"
  | "mark"
  | "queue"
  | "hatype"
  | "rxhash"
  | "cpu"
  | "vlan-tag"
  | "vlan-tag-present"
  | "pay-offset"
  | "random"
  | "vlan-tpid";

export type Instruction =
  /** A <- bytes at offset, or at X + offset where it is indexed. */
  | { readonly kind: "load-packet"; readonly size: LoadSize; readonly offset: number; readonly indexed: boolean }
  /** X <- 4 * (byte at offset & 15): the length of an IPv4 header. */
  | { readonly kind: "load-header-length"; readonly offset: number }
  | { readonly kind: "load-ancillary"; readonly field: AncillaryField }
  | { readonly kind: "load-immediate"; readonly register: Register; readonly value: number }
  /** The length of the packet on the wire, bytes. */
  | { readonly kind: "load-length"; readonly register: Register }
  | { readonly kind: "load-scratch"; readonly register: Register; readonly word: number }
  | { readonly kind: "store-scratch"; readonly register: Register; readonly word: number }
  | { readonly kind: "alu"; readonly operator: AluOperator; readonly operand: Operand }
  | { readonly kind: "negate" }
  /** Copies the value of the other register into this one. */
  | { readonly kind: "transfer"; readonly to: Register }
  /** Skips so many instructions after this one. */
  | { readonly kind: "jump"; readonly skip: number }
  | {
      readonly kind: "branch";
      readonly comparison: Comparison;
      readonly operand: Operand;
      readonly skipTrue: number;
      readonly skipFalse: number;
    }
  /** The packet matches where the value is not zero. */
  | { readonly kind: "return"; readonly value: number | "A" };

/** A program that decode() has checked: its jumps go forward, and every way through it ends in a return. */
export type Program = readonly Instruction[];

/** BPF_MEMWORDS of linux/filter.h. */
export const SCRATCH_WORDS = 16;

/** BPF_MAXINSNS of linux/bpf_common.h. */
export const PROGRAM_LENGTH_MAX = 4096;

/** Loads from further on are refused: no packet of a test run or of a network device is as long in its headers. */
export const PACKET_OFFSET_MAX = 0xffff;
