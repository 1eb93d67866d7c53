/** The codes of classic BPF that the kernel takes (bpf_check_classic() in net/core/filter.c), and what they mean. */
import type { AluOperator, AncillaryField, Comparison, LoadSize } from "./instruction.ts";

/** Low three bits of a code. */
export const Class = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, RET: 6, MISC: 7 } as const;

export const Mode = { IMM: 0x00, ABS: 0x20, IND: 0x40, MEM: 0x60, LEN: 0x80, MSH: 0xa0 } as const;

/** The operand is X instead of k. */
export const SOURCE_X = 0x08;

export const SIZES: ReadonlyMap<number, LoadSize> = new Map([
  [0x00, 4],
  [0x08, 2],
  [0x10, 1],
]);

export const ALU_OPERATORS: ReadonlyMap<number, AluOperator> = new Map([
  [0x00, "add"],
  [0x10, "sub"],
  [0x20, "mul"],
  [0x30, "div"],
  [0x40, "or"],
  [0x50, "and"],
  [0x60, "lsh"],
  [0x70, "rsh"],
  [0x90, "mod"],
  [0xa0, "xor"],
]);

export const ALU_NEG = 0x80;
export const JMP_JA = 0x00;

export const COMPARISONS: ReadonlyMap<number, Comparison> = new Map([
  [0x10, "equal"],
  [0x20, "greater"],
  [0x30, "greater-or-equal"],
  [0x40, "any-bit"],
]);

export const RET_K = 0x06;
export const RET_A = 0x16;
export const MISC_TAX = 0x07;
export const MISC_TXA = 0x87;

/** SKF_AD_OFF, SKF_NET_OFF and SKF_LL_OFF of linux/filter.h, as unsigned numbers: where special loads begin. */
export const ANCILLARY_OFFSET = 0x1_0000_0000 - 0x1000;
export const NETWORK_OFFSET = 0x1_0000_0000 - 0x10_0000;
export const LINK_LAYER_OFFSET = 0x1_0000_0000 - 0x20_0000;

/** SKF_AD_ALU_XOR_X: written as a load, but A <- A ^ X. */
export const ANCILLARY_XOR = 40;

/** The others: offsets from SKF_AD_OFF. */
export const ANCILLARY_FIELDS: ReadonlyMap<number, AncillaryField> = new Map([
  [0, "protocol"],
  [4, "pkttype"],
  [8, "ifindex"],
  [12, "nlattr"],
  [16, "nlattr-nest"],
  [20, "mark"],
  [24, "queue"],
  [28, "hatype"],
  [32, "rxhash"],
  [36, "cpu"],
  [44, "vlan-tag"],
  [48, "vlan-tag-present"],
  [52, "pay-offset"],
  [56, "random"],
  [60, "vlan-tpid"],
]);
