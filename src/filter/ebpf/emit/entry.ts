/**
 * Emits the program that the kernel calls. It counts the packet, asks the filter, and on a match goes on into the
 * capture program.
 *
 * The filter stands in it twice. The first copy reads the linear bytes, which suffice for nearly every packet. Where
 * they do not, the second copy runs as a function that asks the kernel for each value.
 */
import { CAPTURE_COUNTERS, SKB_CONTEXT, TC_NEXT, XDP_PASS } from "../../../generated/layouts.ts";
import { type Assembler, Label } from "../assembler.ts";
import { isOnTheWire, type Placement } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import type { Analysis } from "../passes/analyse.ts";
import { emitBody } from "./body.ts";
import { emitExactFunction, emitLength } from "./exact-function.ts";
import { LinearAccess } from "./linear-access.ts";
import { CONTEXT, FRAME, Stack, ZERO } from "./machine.ts";

/** The maps by their names in the assembled program. */
export const COUNTERS_MAP = "counters";
export const NEXT_PROGRAM_MAP = "next program";

const ETHER_TYPE = 12;
const ETHERNET_HEADER_LENGTH = 14;
const [IPV4, IPV6] = [0x0800, 0x86dd];

/** @param linear whether to try the bytes in a row first */
export function emitEntry(assembler: Assembler, analysis: Analysis, placement: Placement, linear: boolean): void {
  const exits = { match: new Label(), noMatch: new Label() };
  const exact = new Label();
  const exactFunction = new Label();
  assembler.alu64(Alu.MOV, CONTEXT, { register: 1 });
  emitCount(assembler, exits.noMatch);
  if (linear) emitLinear(assembler, analysis, placement, exact, exits);

  const needsExact = !linear || exact.isUsed;
  if (needsExact) {
    assembler.place(exact);
    assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
    assembler.alu64(Alu.MOV, 2, { register: ZERO });
    assembler.callFunction(exactFunction);
    assembler.branch32(Jump.JEQ, 0, { value: 0 }, exits.noMatch);
  }
  if (needsExact || exits.match.isUsed) {
    assembler.place(exits.match);
    emitTailCall(assembler);
  }
  assembler.place(exits.noMatch);
  assembler.alu32(Alu.MOV, 0, { value: placement.hook === "xdp" ? XDP_PASS : TC_NEXT });
  assembler.exit();

  if (!needsExact) return;
  assembler.place(exactFunction);
  emitExactFunction(assembler, analysis, placement);
}

/** Increments `seen`. The counters also hold the zero that the verifier does not know. */
function emitCount(assembler: Assembler, pass: Label): void {
  assembler.store(4, FRAME, Stack.KEY, { value: 0 });
  assembler.loadMap(1, COUNTERS_MAP);
  assembler.alu64(Alu.MOV, 2, { register: FRAME });
  assembler.alu64(Alu.ADD, 2, { value: Stack.KEY });
  assembler.callHelper("map_lookup_elem");
  assembler.branch64(Jump.JEQ, 0, { value: 0 }, pass);
  assembler.store(8, FRAME, Stack.COUNTERS, { register: 0 });
  emitIncrement(assembler, CAPTURE_COUNTERS.seen);
  assembler.load(4, ZERO, 0, CAPTURE_COUNTERS.zero);
}

/** Increments a counter at R0. */
function emitIncrement(assembler: Assembler, counter: number): void {
  assembler.load(8, 1, 0, counter);
  assembler.alu64(Alu.ADD, 1, { value: 1 });
  assembler.store(8, 0, counter, { register: 1 });
}

function emitLinear(
  assembler: Assembler,
  analysis: Analysis,
  placement: Placement,
  exact: Label,
  exits: { match: Label; noMatch: Label },
): void {
  if (analysis.readsLength) emitLength(assembler, placement);
  const access = new LinearAccess(assembler, placement, exact);
  if (isOnTheWire(placement) && !analysis.readsTagMetadata) {
    assembler.load(4, 1, CONTEXT, SKB_CONTEXT.vlanPresent);
    assembler.branch32(Jump.JNE, 1, { value: 0 }, exact);
  }
  access.begin();
  if (isOnTheWire(placement) && placement.hook === "tc-ingress") emitHeaderCheck(assembler, access, exact);
  emitBody(assembler, analysis.blocks, analysis.uninitialised, access, exits);
}

/**
 * The exact function handles frames whose Ethernet header may be in front of the data (bpf/capture/detached_header.h).
 */
function emitHeaderCheck(assembler: Assembler, access: LinearAccess, exact: Label): void {
  const isIpv4 = new Label();
  const attached = new Label();
  access.guard(ETHERNET_HEADER_LENGTH);
  assembler.load(2, 1, 2, ETHER_TYPE);
  assembler.load(4, 4, CONTEXT, SKB_CONTEXT.protocol);
  assembler.branch32(Jump.JNE, 1, { register: 4 }, exact);
  assembler.toHostOrder(1, 2);
  assembler.load(1, 4, 2, 0);
  assembler.alu32(Alu.RSH, 4, { value: 4 });
  assembler.branch32(Jump.JEQ, 1, { value: IPV4 }, isIpv4);
  assembler.branch32(Jump.JNE, 1, { value: IPV6 }, exact);
  assembler.branch32(Jump.JEQ, 4, { value: 6 }, exact);
  assembler.jump(attached);
  assembler.place(isIpv4);
  assembler.branch32(Jump.JEQ, 4, { value: 4 }, exact);
  assembler.place(attached);
}

/** A tail call returns only where there is no program to go on to. The packet is then counted as lost. */
function emitTailCall(assembler: Assembler): void {
  assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
  assembler.loadMap(2, NEXT_PROGRAM_MAP);
  assembler.alu32(Alu.MOV, 3, { value: 0 });
  assembler.callHelper("tail_call");
  assembler.load(8, 0, FRAME, Stack.COUNTERS);
  emitIncrement(assembler, CAPTURE_COUNTERS.matched);
  emitIncrement(assembler, CAPTURE_COUNTERS.copyFailed);
}
