/** The whole filter by helpers: (context, zero) -> whether the packet matches, wherever its bytes are. */
import { SKB_CONTEXT } from "../../../generated/layouts.ts";
import { type Assembler, Label } from "../assembler.ts";
import { isOnTheWire, type Placement } from "../hook.ts";
import { Alu } from "../opcodes.ts";
import type { Analysis } from "../passes/analyse.ts";
import { emitBody } from "./body.ts";
import { HelperAccess } from "./helper-access.ts";
import { LoadFunctions } from "./load-functions.ts";
import { CONTEXT, FRAME, Stack, ZERO } from "./machine.ts";
import { WireAccess } from "./wire-access.ts";
import { emitWireFrame } from "./wire-frame.ts";

export function emitExactFunction(assembler: Assembler, analysis: Analysis, placement: Placement): void {
  const exits = { match: new Label(), noMatch: new Label() };
  const functions = new LoadFunctions(assembler, placement.hook);
  assembler.alu64(Alu.MOV, CONTEXT, { register: 1 });
  assembler.alu64(Alu.MOV, ZERO, { register: 2 });
  const onTheWire = isOnTheWire(placement);
  if (onTheWire) emitWireFrame(assembler, placement.hook, !analysis.readsTagMetadata);
  else if (analysis.readsLength) emitLength(assembler, placement);
  const access = onTheWire
    ? new WireAccess(assembler, placement.hook, functions, exits)
    : new HelperAccess(assembler, placement, functions, exits);
  emitBody(assembler, analysis.blocks, analysis.uninitialised, access, exits);

  for (const [exit, matches] of [[exits.match, 1] as const, [exits.noMatch, 0] as const]) {
    if (!exit.isUsed) continue;
    assembler.place(exit);
    assembler.alu32(Alu.MOV, 0, { value: matches });
    assembler.exit();
  }
  functions.emit();
}

/** Puts the packet's length where the body reads it. */
export function emitLength(assembler: Assembler, { hook, origin }: Placement): void {
  if (hook === "xdp") {
    assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
    assembler.callHelper("xdp_get_buff_len");
    assembler.alu32(Alu.MOV, 0, { register: 0 });
  } else {
    assembler.load(4, 0, CONTEXT, SKB_CONTEXT.len);
  }
  if (origin > 0) assembler.alu32(Alu.SUB, 0, { value: origin });
  assembler.store(8, FRAME, Stack.LENGTH, { register: 0 });
}
