/**
 * XDP programs in front of a capture at TC. They run before programs at TC, and what they drop or redirects never
 * reaches TC.
 */
import { reasonOf } from "../errors.ts";
import { queryXdp, type XdpSlot } from "../native/system.ts";
import { describeMember, type LookUpNames } from "./chain-members.ts";
import type { ProgramView } from "./program-view.ts";

/** The note on what a capture at TC does not see behind an XDP program. */
const CONSEQUENCE = "packets that it drops or redirects are not seen";

/** Looks for XDP programs on an interface that is captured from at TC. */
export class XdpInFront {
  readonly #interfaceIndex: number;
  #programId = 0;
  #lookUp: LookUpNames | undefined;

  constructor(interfaceIndex: number) {
    this.#interfaceIndex = interfaceIndex;
  }

  /** From here on it looks up programs by that view, which needs no capability. */
  lookBy(view: ProgramView): void {
    this.#lookUp = (programId) => view.namesOf(programId);
  }

  /** @returns what is worth a note: a program that was not there before and may keep packets from TC */
  check(): string[] {
    const slot = this.#query();
    if (slot === undefined || slot.programId === this.#programId) return [];
    this.#programId = slot.programId;
    if (slot.mode === "none" || describeMember(slot.programId, this.#lookUp).kind === "watcher") return [];
    return [`XDP (${slot.mode}) has ${nameOccupant(slot, this.#lookUp)} in front of TC: ${CONSEQUENCE}`];
  }

  /** Undefined without the interface. */
  #query(): XdpSlot | undefined {
    try {
      return queryXdp(this.#interfaceIndex);
    } catch {
      return undefined;
    }
  }
}

/** The program that keeps an XDP program from being attached. */
export function describeXdpOccupant(interfaceIndex: number): string {
  try {
    const slot = queryXdp(interfaceIndex);
    // It may have ended meanwhile.
    if (slot.mode === "none") return "XDP was taken";
    return `XDP (${slot.mode}) is taken by ${nameOccupant(slot)}`;
  } catch (error) {
    return `XDP is taken (${reasonOf(error)})`;
  }
}

/** In mode "multi" there is one program for each mode, and the kernel names none. */
function nameOccupant({ mode, programId }: XdpSlot, lookUp?: LookUpNames): string {
  return mode === "multi" ? "several programs" : describeMember(programId, lookUp).label;
}
