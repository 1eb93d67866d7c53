/** What the kernel's verifier says of the programs of a filter: they are loaded as for a capture, and attached nowhere. */
import { CapturePrograms, type EntryPoint } from "../capture/programs.ts";
import { Rings } from "../capture/rings.ts";
import type { Program } from "../filter/classic/instruction.ts";
import type { CompiledFilter } from "../filter/filter.ts";
import { kernelError } from "../host/kernel-error.ts";

/** The programs were accepted; how many instructions the verifier went through, of a million that it would. */
export interface Verdict {
  /** Of the capture program, with the structured filter in it. */
  readonly capture: number;
  /** Of the program of the expression; null without one. */
  readonly expression: number | null;
}

/** Bytes; nothing will lie in it. */
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
