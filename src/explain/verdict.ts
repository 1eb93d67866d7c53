/**
 * Asks the kernel's verifier about the programs of a filter. They are loaded as for a capture, and attached nowhere.
 */
import { CapturePrograms, type EntryPoint } from "../capture/programs.ts";
import { Rings } from "../capture/rings.ts";
import type { Program } from "../filter/classic/instruction.ts";
import type { CompiledFilter } from "../filter/filter.ts";
import { kernelError } from "../host/kernel-error.ts";

/** How many instructions the verifier followed in the accepted programs. It follows a million at most. */
export interface Verdict {
  /** Instructions of the capture program, which has the structured filter in it. */
  readonly capture: number;
  /** Instructions of the program of the expression; null without an expression. */
  readonly expression: number | null;
}

/** Bytes of the ring, into which nothing will be written. */
const RING_SIZE = 1 << 20;
const SNAPSHOT_LENGTH = 128;

/** @throws RingcapError PRIVILEGE, or KERNEL with the verifier's last lines */
export function askVerifier(
  filter: CompiledFilter,
  linkLayer: "ethernet" | "none",
  hook: "xdp" | "tc",
  expression: Program | undefined,
): Verdict {
  const entryPoint: EntryPoint = hook === "xdp" ? "capture_xdp" : "capture_tc_ingress";
  const settings = {
    filter,
    snapshotLength: SNAPSHOT_LENGTH,
    ringSize: RING_SIZE,
    immediate: false,
    action: "pass",
    timeUnit: 1,
    withOrigin: false,
  } as const;
  try {
    using rings = Rings.create(RING_SIZE, []);
    const inFront = expression === undefined ? undefined : { program: expression, origin: 0 };
    using programs = CapturePrograms.load(settings, linkLayer, [entryPoint], rings, inFront);
    return programs.verifiedInstructions(entryPoint);
  } catch (error) {
    throw kernelError("ask the verifier", error);
  }
}
