/** The way in which a body reads the packet. Loads beyond the packet's end lead to the exit without a match. */
import type { AncillaryField, LoadSize } from "../../classic/instruction.ts";
import type { Register } from "../assembler.ts";

export interface PacketAccess {
  /** Makes sure that the bytes up to `end` can be read; otherwise the program leaves this way of reading. */
  guard(end: number): void;
  /** Makes sure that the bytes up to X + `end` can be read. */
  guardIndexed(end: number): void;
  /** A <- bytes at offset. */
  load(size: LoadSize, offset: number): void;
  /** A <- bytes at X + offset. */
  loadIndexed(size: LoadSize, offset: number): void;
  /** register <- byte at offset, which may be A or X. */
  loadByte(register: Register, offset: number): void;
  loadLength(register: Register): void;
  loadAncillary(field: AncillaryField): void;
}
