/** How a body reads the packet. Loads beyond its end lead to the exit without a match. */
import type { AncillaryField, LoadSize } from "../../classic/instruction.ts";
import type { Register } from "../assembler.ts";

export interface PacketAccess {
  /** Bytes up to `end` are there from here on, or this is not the way. */
  guard(end: number): void;
  /** Bytes up to X + `end` are. */
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
