/** The instruction set of eBPF, as far as the compiler uses it (RFC 9669). */

export const Class = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, JMP32: 6, ALU64: 7 } as const;

/** The operand is a register instead of the immediate value. */
export const SOURCE_REGISTER = 0x08;

/** Widths of loads and stores, by bytes. */
export const WIDTHS: Readonly<Record<1 | 2 | 4 | 8, number>> = { 1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18 };

/** Loads and stores at a register plus an offset. */
export const MODE_MEM = 0x60;

/** Loads an immediate value of 64 bits; the upper half is the immediate value of the next, otherwise empty instruction. */
export const LOAD_IMMEDIATE_64 = 0x18;

export const Alu = {
  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  MOD: 0x90,
  XOR: 0xa0,
  MOV: 0xb0,
  /** Shifts right and keeps the sign. */
  ARSH: 0xc0,
  /** Byte swap; with SOURCE_REGISTER between this machine's order and that of the network. */
  END: 0xd0,
} as const;

export const Jump = {
  JA: 0x00,
  JEQ: 0x10,
  JGT: 0x20,
  JGE: 0x30,
  JSET: 0x40,
  JNE: 0x50,
  JSGT: 0x60,
  JSGE: 0x70,
  CALL: 0x80,
  EXIT: 0x90,
  JLT: 0xa0,
  JLE: 0xb0,
  JSLT: 0xc0,
} as const;

/** Pseudo source registers of linux/bpf.h: what an immediate value stands for. */
export const PSEUDO_MAP_FD = 1;
export const PSEUDO_CALL = 1;

/** Numbers of enum bpf_func_id of linux/bpf.h. */
export const Helper = {
  map_lookup_elem: 1,
  ktime_get_ns: 5,
  get_prandom_u32: 7,
  get_smp_processor_id: 8,
  tail_call: 12,
  skb_load_bytes: 26,
  skb_load_bytes_relative: 68,
  xdp_get_buff_len: 188,
  xdp_load_bytes: 189,
} as const;

export type HelperName = keyof typeof Helper;

/** Bytes of struct bpf_insn. */
export const INSTRUCTION_SIZE = 8;
