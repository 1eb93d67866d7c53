/**
 * Runs the program of an expression on a packet of which little is known: both ways are gone at a branch that what is
 * known does not decide. Where no way returns a match, no packet of the kind passes.
 */
import { type Instruction, type Program, SCRATCH_WORDS } from "../classic/instruction.ts";
import { and, type Bits, equals, haveCommon, isKnown, joined, known, UNKNOWN } from "./known-bits.ts";

/** A packet of which some bytes are known. */
export interface KnownPacket {
  /** By their offsets from the beginning. */
  readonly bytes: ReadonlyMap<number, Bits>;
  /** Where the header of IPv4 begins, whose length is not known; undefined without one. */
  readonly ipv4At?: number | undefined;
  /** By their offsets from the end of the header of IPv4. */
  readonly behindIpv4: ReadonlyMap<number, Bits>;
}

interface State {
  readonly at: number;
  readonly a: Bits;
  /** "header": the length of the header of IPv4. */
  readonly x: Bits | "header";
  readonly scratch: readonly Bits[];
}

/** Steps after which it is taken that a packet may pass. */
const STEPS_MAX = 20_000;

/** Whether a packet may pass. */
export function mayPass(program: Program, packet: KnownPacket): boolean {
  const scratch = Array.from({ length: SCRATCH_WORDS }, () => UNKNOWN);
  const waiting: State[] = [{ at: 0, a: UNKNOWN, x: UNKNOWN, scratch }];
  const seen = new Set<string>();
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const name = JSON.stringify(state);
    if (seen.has(name)) continue;
    seen.add(name);
    const instruction = program[state.at];
    if (instruction === undefined || seen.size > STEPS_MAX) return true;
    if (instruction.kind !== "return") waiting.push(...after(state, instruction, packet));
    else if (equals(instruction.value === "A" ? state.a : known(instruction.value), 0) !== true) return true;
  }
  return false;
}

/** The states that an instruction may lead to. */
function after(state: State, instruction: Exclude<Instruction, { kind: "return" }>, packet: KnownPacket): State[] {
  const { a, x, scratch } = state;
  const next = { ...state, at: state.at + 1 };
  const set = (register: "A" | "X", value: Bits): State[] => [
    register === "A" ? { ...next, a: value } : { ...next, x: value },
  ];
  switch (instruction.kind) {
    case "load-packet":
      return set("A", load(packet, instruction, x));
    case "load-header-length":
      return [{ ...next, x: instruction.offset === packet.ipv4At ? "header" : UNKNOWN }];
    case "load-immediate":
      return set(instruction.register, known(instruction.value));
    case "load-scratch":
      return set(instruction.register, scratch[instruction.word] ?? UNKNOWN);
    case "store-scratch": {
      const value = instruction.register === "A" ? a : x === "header" ? UNKNOWN : x;
      return [{ ...next, scratch: scratch.with(instruction.word, value) }];
    }
    case "transfer":
      return instruction.to === "X" ? set("X", a) : set("A", x === "header" ? UNKNOWN : x);
    case "alu":
      return set(
        "A",
        instruction.operator === "and" && instruction.operand !== "X" ? and(a, instruction.operand) : UNKNOWN,
      );
    case "jump":
      return [{ ...next, at: next.at + instruction.skip }];
    case "branch": {
      const answer = decide(instruction, a);
      const ways = [
        ...(answer === false ? [] : [instruction.skipTrue]),
        ...(answer === true ? [] : [instruction.skipFalse]),
      ];
      return ways.map((skip) => ({ ...next, at: next.at + skip }));
    }
    case "load-length":
      return set(instruction.register, UNKNOWN);
    case "load-ancillary":
    case "negate":
      return set("A", UNKNOWN);
  }
}

function load(
  { bytes, behindIpv4, ipv4At }: KnownPacket,
  { offset, size, indexed }: Extract<Instruction, { kind: "load-packet" }>,
  x: State["x"],
): Bits {
  const from = (known: ReadonlyMap<number, Bits>, start: number) =>
    joined(Array.from({ length: size }, (_, index) => known.get(start + index) ?? UNKNOWN));
  if (!indexed) return from(bytes, offset);
  if (x === "header") return ipv4At === undefined ? UNKNOWN : from(behindIpv4, offset - ipv4At);
  return isKnown(x) ? from(bytes, x.value + offset) : from(new Map(), 0);
}

function decide({ comparison, operand }: Extract<Instruction, { kind: "branch" }>, a: Bits): boolean | undefined {
  if (operand === "X") return undefined;
  switch (comparison) {
    case "equal":
      return equals(a, operand);
    case "any-bit":
      return haveCommon(a, operand);
    case "greater":
      return isKnown(a) ? a.value > operand : undefined;
    case "greater-or-equal":
      return isKnown(a) ? a.value >= operand : undefined;
  }
}
