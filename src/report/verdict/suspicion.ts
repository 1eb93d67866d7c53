/** A kind of attack that the packets of an address look like. The verdict is the heaviest one. */
import type { PacketClass } from "../values.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";

export interface Suspicion {
  readonly kind: VerdictKind;
  readonly target: Verdict["target"];
  readonly reflector: Verdict["reflector"];
  readonly packets: number;
  readonly bytes: number;
  /** The classes whose rates tell its course. */
  readonly classes: readonly PacketClass[];
  /** Different sources, an estimate. */
  readonly sources: number;
  /** From 0 to 1. */
  readonly confidence: number;
  /** Each a whole sentence. */
  readonly reasons: readonly string[];
}

/** Fewer packets than this are no flood. */
export const LEAST_OF_FLOOD = 30;
