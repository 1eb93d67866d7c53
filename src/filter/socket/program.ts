/** The program that the kernel runs for a packet socket: the direction, an expression, and the structured filter. */
import { PACKET_OUTGOING } from "../../generated/layouts.ts";
import { ClassicBuilder } from "../classic/builder.ts";
import type { RawInstruction } from "../classic/instruction.ts";
import { RET_A, RET_K } from "../classic/opcodes.ts";
import type { CompiledFilter } from "../filter.ts";
import { appendStructured } from "./structured.ts";

/**
 * Bytes, more than any packet has. A packet about which the kernel could not decide is kept whole, for the host to
 * decide.
 */
const WHOLE = 0x40_0000;

export interface SocketExpression {
  /** Compiled by libpcap for frames as they are on the wire. */
  readonly program: readonly RawInstruction[];
  /** Whether the host can decide where the kernel has a VLAN tag beside the frame, which the program would not see. */
  readonly isForWire: boolean;
}

export interface SocketProgramOptions {
  /** Which packets: those that leave the interface, or the others. */
  readonly way: "in" | "out";
  readonly expression?: SocketExpression | undefined;
  readonly filter: CompiledFilter;
  readonly linkLayer: "ethernet" | "none";
  /**
   * Bytes kept of a packet that the program accepts; 0 keeps all, because the host has to look at every packet that the
   * program lets through.
   */
  readonly decidedLength: number;
}

export function socketProgram(options: SocketProgramOptions): RawInstruction[] {
  const { way, expression, filter, linkLayer, decidedLength } = options;
  const builder = new ClassicBuilder();
  const verdicts = { accept: builder.newPlace(), reject: builder.newPlace(), undecided: builder.newPlace() };
  builder.loadField("pkttype");
  if (way === "out") builder.unless("equal", PACKET_OUTGOING, verdicts.reject);
  else builder.when("equal", PACKET_OUTGOING, verdicts.reject);
  if (expression?.isForWire && linkLayer === "ethernet") {
    builder.loadField("vlan-tag-present");
    builder.unless("equal", 0, verdicts.undecided);
  }
  if (expression !== undefined) appendExpression(builder, expression.program, verdicts.reject);
  appendStructured(builder, filter, linkLayer, verdicts);
  builder.place(verdicts.accept);
  builder.return(decidedLength === 0 ? WHOLE : decidedLength);
  builder.place(verdicts.undecided);
  builder.return(WHOLE);
  builder.place(verdicts.reject);
  builder.return(0);
  return builder.finish();
}

/** Where the expression returns, the program goes on. */
function appendExpression(builder: ClassicBuilder, expression: readonly RawInstruction[], reject: string): void {
  const passed = builder.newPlace();
  for (const instruction of expression) {
    if (instruction.code === RET_A) throw new Error("libpcap compiles no return of the accumulator");
    if (instruction.code !== RET_K) builder.append(instruction);
    else builder.goto(instruction.k === 0 ? reject : passed);
  }
  builder.place(passed);
}
