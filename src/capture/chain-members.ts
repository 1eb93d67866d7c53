/**
 * Which programs at TC may keep packets from a capture. Programs of other captures are known by the names of their
 * maps.
 */
import { programNames } from "../native/program.ts";
import type { Action } from "./options.ts";

export interface ChainMember {
  /** The program in words for messages: `program 12 "drop_all"`, without its name where CAP_SYS_ADMIN is missing. */
  readonly label: string;
  /** "watcher" and "dropper" are captures. A watcher lets every packet go on. */
  readonly kind: "watcher" | "dropper" | "foreign" | "unknown";
}

/** Names of a map of capture programs, by what happens to packets that match. A name has at most 15 bytes. */
export const CAPTURE_MARKS: Readonly<Record<Action, string>> = { pass: "ringcap_watches", drop: "ringcap_drops" };

/** The placeholder of a capture program while the program moves. */
export const PLACEHOLDER_NAME = "ringcap_moves";

/** How often one attachment may move. Two programs that both want to be first must not move for ever. */
const MOVES_MAX = 16;

export interface ProgramNames {
  readonly name: string;
  /** The names of its maps. */
  readonly maps: readonly string[];
}

/** Undefined for a program that is gone, or that may not be looked at. */
export type LookUpNames = (programId: number) => ProgramNames | undefined;

/** @param lookUp default: the kernel is asked, which takes CAP_SYS_ADMIN */
export function describeMember(programId: number, lookUp: LookUpNames = programNames): ChainMember {
  const names = lookUp(programId);
  if (names === undefined) return { label: `program ${programId}`, kind: "unknown" };
  const { name, maps } = names;
  const label = `program ${programId} "${name}"`;
  if (maps.includes(CAPTURE_MARKS.drop)) return { label, kind: "dropper" };
  const isWatcher = maps.includes(CAPTURE_MARKS.pass) || name === PLACEHOLDER_NAME;
  return { label, kind: isWatcher ? "watcher" : "foreign" };
}

/** What a capture knows of the other programs at its hook, and what it has said of them. */
export class Neighbours {
  readonly #direction: string;
  readonly #action: Action;
  readonly #known = new Map<number, ChainMember>();
  readonly #told = new Set<string>();
  #lookUp: LookUpNames | undefined;
  #moves = 0;

  constructor(egress: boolean, action: Action) {
    this.#direction = egress ? "out" : "in";
    this.#action = action;
  }

  member(programId: number): ChainMember {
    const member = this.#known.get(programId) ?? describeMember(programId, this.#lookUp);
    this.#known.set(programId, member);
    return member;
  }

  /** From here on it looks up the names of programs by that view. */
  lookUpBy(lookUp: LookUpNames): void {
    this.#lookUp = lookUp;
  }

  /**
   * Whether to go in front of the program. A capture does not move for a program that may be a watcher, and captures
   * that drop do not compete with each other.
   */
  mayPass({ kind }: ChainMember): boolean {
    return kind === "foreign" || (kind === "dropper" && this.#action === "pass");
  }

  /** Counts a move. @returns false where there were too many */
  mayMove(): boolean {
    return this.#moves++ < MOVES_MAX;
  }

  /**
   * @param obstacles those that were in front
   * @param remaining those that still are, after a move if there was one
   * @returns what is worth a note: each that stays once, and each that does not
   */
  notes(obstacles: readonly ChainMember[], remaining: readonly ChainMember[]): string[] {
    return obstacles.flatMap(({ label }) => {
      if (!remaining.some((member) => member.label === label)) {
        return [`${label} was attached in front at TC (${this.#direction}): moved in front of it`];
      }
      if (this.#told.has(label)) return [];
      this.#told.add(label);
      const consequence = "packets that it drops, redirects or accepts at once are not seen";
      return [`${label} stands in front at TC (${this.#direction}): ${consequence}`];
    });
  }
}
