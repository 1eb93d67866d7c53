/** What registers and stack are used for, in the program's entry and in its functions alike. */
import type { Register } from "../assembler.ts";

/** struct xdp_md or struct __sk_buff. */
export const CONTEXT: Register = 6;
/** The accumulator and the index register of classic BPF. */
export const A: Register = 7;
export const X: Register = 8;
/** A zero of which the verifier does not know that it is one: adding it makes a value unknown. */
export const ZERO: Register = 9;
export const FRAME: Register = 10;

/** Offsets from the end of the stack frame, bytes. */
export const Stack = {
  /** Sixteen words of scratch memory. */
  SCRATCH: -64,
  /** Length of the packet on the wire, eight bytes. */
  LENGTH: -72,
  /** struct capture_counters of this CPU; in the exact function how far the bytes of the wire are behind those of the skb. */
  COUNTERS: -80,
  SHIFT: -80,
  /** Key of a map. */
  KEY: -84,
  /** The first bytes of the frame as it was on the wire. */
  PREFIX: -104,
  /** Room to compare with them. */
  HEADER: -120,
} as const;

/** Bytes of the frame that are kept at PREFIX. */
export const PREFIX_LENGTH = 24;

/** Where the load functions have a value read into. */
export const LOADED = -8;
