/** The compiler from classic BPF to eBPF: one pass after the other. */
import { usageError } from "../../errors.ts";
import type { Program } from "../classic/instruction.ts";
import { type AssembledProgram, Assembler, JumpTooFar } from "./assembler.ts";
import { WITH_HELPER } from "./emit/ancillary.ts";
import { emitEntry } from "./emit/entry.ts";
import { LINEAR_OFFSET_MAX } from "./emit/linear-access.ts";
import { type FilterHook, hasAncillary, type Placement } from "./hook.ts";
import { type Analysis, analyse } from "./passes/analyse.ts";
import { checkDivisors } from "./passes/check-divisors.ts";
import { findUninitialised } from "./passes/find-uninitialised.ts";
import type { Block, Step } from "./passes/flow.ts";
import { forgetAtJoins } from "./passes/forget-at-joins.ts";
import { guardPacket } from "./passes/guard-packet.ts";
import { normaliseJumps } from "./passes/normalise-jumps.ts";
import { splitBlocks } from "./passes/split-blocks.ts";

/**
 * The programs that decide at their hook which packets go on to the capture program, the quickest first. All of them
 * decide alike. A later program needs less of the verifier, whose patience a very long filter can exhaust.
 *
 * @throws RingcapError USAGE for what cannot be told at the hook, by name, and for a program that becomes too long
 */
export function compileToEbpf(
  program: Program,
  placement: Placement,
): readonly [AssembledProgram, ...AssembledProgram[]] {
  refuseUnknowable(program, placement.hook);
  const blocks = splitBlocks(normaliseJumps(program));
  const uninitialised = findUninitialised(blocks);
  const checked = forgetAtJoins(guardPacket(checkDivisors(blocks)));
  const analysis = analyse(checked, uninitialised);
  const exactOnly = emitExactOnly(analysis, placement);
  const quickest = canBeLinear(analysis, placement) ? emit(analysis, placement, true) : undefined;
  return quickest === undefined ? [exactOnly] : [quickest, exactOnly];
}

/** Whether the hook can tell all that the program asks for. */
export function isKnowableAt(program: Program, hook: FilterHook): boolean {
  return program.every(({ ...step }) => step.kind !== "load-ancillary" || hasAncillary(hook, step.field));
}

function refuseUnknowable(program: Program, hook: FilterHook): void {
  for (const step of program) {
    if (step.kind !== "load-ancillary" || hasAncillary(hook, step.field)) continue;
    const hint = hook === "xdp" && hasAncillary("tc-ingress", step.field) ? 'use `hook: "tc"`' : undefined;
    const place = hook === "xdp" ? "XDP" : "TC";
    throw usageError("expression", `${DESCRIPTIONS[step.field] ?? step.field} cannot be told at ${place}`, hint);
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  pkttype: "the type of a packet (inbound, outbound; pkttype)",
  hatype: "the type of the hardware (hatype)",
  nlattr: "netlink attributes (nlattr)",
  "nlattr-nest": "netlink attributes (nlattr-nest)",
  "pay-offset": "the offset of the payload (pay-offset)",
};

/** Over linear bytes, no helper may be called between the loads, and offsets are limited. */
function canBeLinear({ blocks }: Analysis, { origin }: Placement): boolean {
  return steps(blocks).every((step) => {
    switch (step.kind) {
      case "load-ancillary":
        return !WITH_HELPER.has(step.field);
      case "load-packet":
        return origin + step.offset + step.size < LINEAR_OFFSET_MAX;
      case "guard":
      case "guard-indexed":
        return origin + step.end < LINEAR_OFFSET_MAX;
      default:
        return true;
    }
  });
}

function steps(blocks: readonly Block[]): Step[] {
  return blocks.flatMap((block) => block.steps);
}

function emit(analysis: Analysis, placement: Placement, linear: boolean): AssembledProgram | undefined {
  const assembler = new Assembler();
  emitEntry(assembler, analysis, placement, linear);
  try {
    return assembler.assemble();
  } catch (error) {
    if (error instanceof JumpTooFar) return undefined;
    throw error;
  }
}

function emitExactOnly(analysis: Analysis, placement: Placement): AssembledProgram {
  const program = emit(analysis, placement, false);
  if (program === undefined) {
    throw usageError("expression", "it is too long: its jumps are further than eBPF's can be", "ask less of it");
  }
  return program;
}
