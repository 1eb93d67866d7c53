/**
 * Shows what becomes of a filter: the expression as libpcap and as ringcap compile it, and the checks that follow it.
 */

import { usageError } from "../errors.ts";
import type { RawInstruction } from "../filter/classic/instruction.ts";
import { LITTLE_ENDIAN } from "../filter/ebpf/assembler.ts";
import { compileToEbpf, isKnowableAt } from "../filter/ebpf/compile.ts";
import { disassembleEbpf } from "../filter/ebpf/disassemble.ts";
import { type CompiledExpression, compileExpression } from "../filter/expression.ts";
import { compileFilter, type FilterOptions } from "../filter/filter.ts";
import { readingOnce, readListFile } from "../filter/lists.ts";
import { oneOf } from "../options/checks.ts";
import { describeLinkType, ETHERNET, isRawIp, linkTypeNamed, type ReplayLinkType } from "../packets/link-type-names.ts";
import { type Check, planChecks } from "./plan.ts";
import { askVerifier, type Verdict } from "./verdict.ts";

export interface ExplainOptions {
  filter?: FilterOptions | undefined;
  /** Name or LINKTYPE_ number; default EN10MB. */
  linkType?: string | undefined;
  /** Default "auto": XDP where it can, as in a capture. */
  hook?: "auto" | "xdp" | "tc" | undefined;
  /** Whether libpcap optimises the expression; default true. */
  optimize?: boolean | undefined;
  /** Whether the kernel's verifier is asked, which needs the right to load BPF. */
  verify?: boolean | undefined;
  /** Called before a compilation that takes long. */
  onNote?: ((note: string) => void) | undefined;
}

export interface ExplainedExpression {
  readonly text: string;
  readonly classic: readonly RawInstruction[];
  /**
   * The versions of the generated program, the quickest first. The next version is for the case that one is too much
   * for the verifier.
   */
  readonly ebpf: readonly ExplainedProgram[];
}

export interface ExplainedProgram {
  readonly instructions: number;
  readonly bytes: number;
  readonly lines: readonly string[];
}

export interface Explanation {
  readonly link: ReplayLinkType;
  /** Null for link types that no program of the kernel meets. */
  readonly hook: "xdp" | "tc" | null;
  /** The expression, which runs first. */
  readonly expression: ExplainedExpression | null;
  /** The checks that follow the expression, in this order. */
  readonly checks: readonly Check[];
  /** Null if the verifier was not asked. */
  readonly verdict: Verdict | null;
}

/** @throws RingcapError USAGE; INSTALLATION without libpcap; PRIVILEGE or KERNEL only when the verifier is asked */
export function explainFilter(options: ExplainOptions): Explanation {
  const linkType = linkTypeNamed(options.linkType ?? "EN10MB");
  const link = describeLinkType(linkType);
  const wanted = options.filter ?? {};
  const read = readingOnce(readListFile);
  const filter = compileFilter(wanted, read);
  const checks = planChecks(wanted, read);
  const expression = filter.expression === undefined ? undefined : compile(filter.expression, linkType, options);
  const hook = chooseHook(options, linkType, expression);
  const linkLayer = linkType === ETHERNET ? "ethernet" : "none";
  if (hook === undefined && options.verify) {
    throw usageError("linkType", `no program of the kernel meets packets of link-type ${link.name}`);
  }
  return {
    link,
    hook: hook ?? null,
    expression: expression === undefined ? null : explainExpression(expression, hook, linkLayer),
    checks,
    verdict: hook === undefined || !options.verify ? null : askVerifier(filter, linkLayer, hook, expression?.program),
  };
}

/** Packets of a link type that no program of the kernel meets are read from files. */
function compile(text: string, linkType: number, { optimize: optimise, onNote }: ExplainOptions): CompiledExpression {
  const isCaptured = linkType === ETHERNET || isRawIp(linkType);
  const fileByteOrder = isCaptured ? undefined : LITTLE_ENDIAN ? "little" : "big";
  return compileExpression(text, linkType, { optimise, fileByteOrder, onNote });
}

function chooseHook(
  { hook: asked }: ExplainOptions,
  linkType: number,
  expression: CompiledExpression | undefined,
): "xdp" | "tc" | undefined {
  const hook = oneOf("hook", asked, ["auto", "xdp", "tc"], "auto");
  if (linkType !== ETHERNET) {
    if (hook === "xdp") throw usageError("hook", "XDP programs meet Ethernet only", 'use `hook: "tc"`');
    if (isRawIp(linkType)) return "tc";
    if (hook === "tc") throw usageError("hook", `no program of the kernel meets packets of link-type ${linkType}`);
    return undefined;
  }
  if (hook !== "auto") return hook;
  return expression === undefined || isKnowableAt(expression.program, "xdp") ? "xdp" : "tc";
}

function explainExpression(
  { text, listing, program }: CompiledExpression,
  hook: "xdp" | "tc" | undefined,
  linkLayer: "ethernet" | "none",
): ExplainedExpression {
  if (hook === undefined) return { text, classic: listing, ebpf: [] };
  const placement = { hook: hook === "xdp" ? "xdp" : "tc-ingress", linkLayer, origin: 0 } as const;
  const ebpf = compileToEbpf(program, placement).map((version) => ({
    instructions: version.bytes.length / 8,
    bytes: version.bytes.length,
    lines: disassembleEbpf(version),
  }));
  return { text, classic: listing, ebpf };
}
