/**
 * An attachment in the chain of TC programs (TCX). A program that drops, redirects or accepts a packet ends the chain for
 * it, so a capture stands in front of all others: first those that let packets pass, whose order among themselves makes
 * no difference, then those that drop.
 */
import { errnoOf } from "../errors.ts";
import type { BpfLink } from "../native/link.ts";
import type { BpfProgram } from "../native/program.ts";
import {
  attachBehind,
  attachFirst,
  type Chain,
  type ChainState,
  moveProgram,
  queryChain,
} from "../native/program-chain.ts";
import { type ChainMember, Neighbours } from "./chain-members.ts";
import type { Action } from "./options.ts";
import type { Placeholders } from "./placeholders.ts";
import type { ProgramView } from "./program-view.ts";

/** How often to try to find the chain as it was when it was looked at. */
const ATTEMPTS = 16;

export class TcxLink implements Disposable {
  readonly #program: BpfProgram;
  readonly #programId: number;
  readonly #chain: Chain;
  readonly #action: Action;
  readonly #placeholders: Placeholders;
  readonly #neighbours: Neighbours;
  #link: BpfLink;
  #revision = 0n;
  #view: ProgramView | undefined;

  /** @throws EINVAL before Linux 6.6 */
  constructor(program: BpfProgram, chain: Chain, action: Action, placeholders: Placeholders) {
    this.#program = program;
    this.#programId = program.describe().id;
    this.#chain = chain;
    this.#action = action;
    this.#placeholders = placeholders;
    this.#neighbours = new Neighbours(chain.egress, action);
    this.#link = this.#attach(program);
  }

  /** The index of the interface; 0 once the interface is gone. */
  interfaceIndex(): number {
    return this.#link.interfaceIndex();
  }

  /** From here on it looks at its chain by that view, which needs no capability. */
  lookBy(view: ProgramView): void {
    this.#view = view;
    this.#neighbours.lookUpBy((programId) => view.namesOf(programId));
  }

  /**
   * Checks whether a program has come in front that can keep packets from this one, and goes in front of it again.
   *
   * @returns what is worth a note
   */
  checkPlace(): string[] {
    const state = this.#query();
    if (state === undefined || state.revision === this.#revision) return [];
    this.#revision = state.revision;
    const obstacles = this.#obstacles(state);
    if (obstacles.length === 0) return [];
    const moved = this.#canImprove(state, obstacles) && this.#neighbours.mayMove() && this.#move();
    return this.#neighbours.notes(obstacles, moved ? this.#obstacles(this.#query() ?? state) : obstacles);
  }

  #attach(program: BpfProgram): BpfLink {
    if (this.#action === "pass") return attachFirst(program, this.#chain);
    for (let attempt = 1; ; attempt++) {
      const { programIds, revision } = this.#chainState();
      const watcher = programIds.findLast((id) => this.#neighbours.member(id).kind === "watcher");
      try {
        if (watcher === undefined) return attachFirst(program, this.#chain);
        return attachBehind(program, this.#chain, watcher, revision);
      } catch (error) {
        // ENOENT says that the watcher ended meanwhile.
        const changed = ["ESTALE", "ENOENT"].includes(errnoOf(error) ?? "");
        if (!changed || attempt === ATTEMPTS) throw error;
      }
    }
  }

  #chainState(): ChainState {
    return this.#view?.chainOf(this.#link, this.#chain.egress) ?? queryChain(this.#chain);
  }

  /** Undefined without the right to ask, or without the interface. */
  #query(): ChainState | undefined {
    try {
      return this.#chainState();
    } catch {
      return undefined;
    }
  }

  /** The programs in front that may keep packets from this one. */
  #obstacles({ programIds }: ChainState): ChainMember[] {
    const place = programIds.indexOf(this.#programId);
    const members = programIds.slice(0, Math.max(place, 0)).map((id) => this.#neighbours.member(id));
    return members.filter(({ kind }) => kind !== "watcher");
  }

  /** Whether this program would choose a place in front of one of those programs. */
  #canImprove({ programIds }: ChainState, obstacles: readonly ChainMember[]): boolean {
    const members = programIds.map((id) => this.#neighbours.member(id));
    const behind = this.#action === "pass" ? -1 : members.findLastIndex(({ kind }) => kind === "watcher");
    return members.some(
      (member, index) => index > behind && obstacles.includes(member) && this.#neighbours.mayPass(member),
    );
  }

  #move(): boolean {
    const [first, second] = this.#placeholders.programs;
    let link: BpfLink | undefined;
    try {
      link = this.#attach(first);
      moveProgram(this.#program, this.#link, second, link);
    } catch {
      link?.close();
      return false;
    }
    const former = this.#link;
    this.#link = link;
    former.close();
    return true;
  }

  /**
   * From here on no packet meets the program. A placeholder, which lets all packets go on, keeps the place until
   * close() or remove().
   */
  vacate(): void {
    this.#link.update(this.#placeholders.programs[0]);
  }

  close(): void {
    this.#link.close();
  }

  async remove(): Promise<void> {
    await this.#link.remove();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
