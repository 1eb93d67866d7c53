/** The use of registers and of the stack, in the entry of the program and in its functions alike. */
import type { Register } from "../assembler.ts";

/** struct xdp_md or struct __sk_buff. */
export const CONTEXT: Register = 6;
/** The accumulator and the index register of classic BPF. */
export const A: Register = 7;
export const X: Register = 8;
/** A zero that the verifier does not know. Adding it makes the verifier forget what it knows of a value. */
export const ZERO: Register = 9;
export const FRAME: Register = 10;

/** Offsets from the end of the stack frame, bytes. */
export const Stack = {
  /** Sixteen words of scratch memory. */
  SCRATCH: -64,
  /** Length of the packet on the wire, eight bytes. */
  LENGTH: -72,
  /**
   * struct capture_counters of this CPU. In the exact function, the distance of the frame's bytes on the wire from
   * those of the socket buffer.
   */
  COUNTERS: -80,
  SHIFT: -80,
  /** Key of a map. */
  KEY: -84,
  /** The first bytes of the frame as it was on the wire. */
  PREFIX: -104,
  /** Room for values that are compared with these bytes. */
  HEADER: -120,
} as const;

/** Bytes of the frame that are kept at PREFIX. */
export const PREFIX_LENGTH = 24;

/** The place into which load functions read a value. */
export const LOADED = -8;
