/**
 * An attachment in the chain of TC programs (TCX). A program that drops, redirects or accepts a packet ends the chain for
 * it, so a capture stands in front of all others: first those that let packets pass, whose order among themselves makes
 * no difference, then those that drop.
 */
import { errnoOf } from "../errors.ts";
import type { BpfLink } from "../libbpf/link.ts";
import type { BpfProgram } from "../libbpf/program.ts";
import {
  attachBehind,
  attachFirst,
  type Chain,
  type ChainState,
  moveProgram,
  queryChain,
} from "../libbpf/program-chain.ts";
import { type ChainMember, describeMember, nameMember } from "./chain-members.ts";
import type { Action } from "./options.ts";
import type { Placeholders } from "./placeholders.ts";

/** Attempts to find the chain as it was when it was looked at. */
const ATTEMPTS = 16;
/** Moves of one attachment: two programs that both want to be the first must not move for ever. */
const MOVES_MAX = 16;

export class TcxLink implements Disposable {
  readonly #program: BpfProgram;
  readonly #programId: number;
  readonly #chain: Chain;
  readonly #action: Action;
  readonly #placeholders: Placeholders;
  readonly #known = new Map<number, ChainMember>();
  readonly #told = new Set<number>();
  #link: BpfLink;
  #revision = 0n;
  #moves = 0;

  /** @throws EINVAL before Linux 6.6 */
  constructor(program: BpfProgram, chain: Chain, action: Action, placeholders: Placeholders) {
    this.#program = program;
    this.#programId = program.describe().id;
    this.#chain = chain;
    this.#action = action;
    this.#placeholders = placeholders;
    this.#link = this.#attach(program);
  }

  /** The index of the interface; 0 once the interface is gone. */
  interfaceIndex(): number {
    return this.#link.interfaceIndex();
  }

  /**
   * Looks whether a program has come in front that can keep packets from this one, and goes in front of it again.
   *
   * @returns what is worth a note
   */
  checkPlace(): string[] {
    const state = this.#query();
    if (state === undefined || state.revision === this.#revision) return [];
    this.#revision = state.revision;
    const obstacles = this.#obstacles(state);
    if (obstacles.length === 0) return [];
    const moved = this.#canImprove(state, obstacles) && this.#move();
    const remaining = moved ? this.#obstacles(this.#query() ?? state) : obstacles;
    return obstacles.flatMap((obstacle) => {
      const stays = remaining.some(({ id }) => id === obstacle.id);
      if (stays && this.#told.has(obstacle.id)) return [];
      if (stays) this.#told.add(obstacle.id);
      return [stays ? this.#standsInFront(obstacle) : this.#wentInFront(obstacle)];
    });
  }

  #standsInFront(obstacle: ChainMember): string {
    return `${nameMember(obstacle)} stands in front at TC (${this.#direction}): packets that it drops, redirects or accepts at once are not seen`;
  }

  #wentInFront(obstacle: ChainMember): string {
    return `${nameMember(obstacle)} was attached in front at TC (${this.#direction}): moved in front of it`;
  }

  get #direction(): string {
    return this.#chain.egress ? "out" : "in";
  }

  #attach(program: BpfProgram): BpfLink {
    if (this.#action === "pass") return attachFirst(program, this.#chain);
    for (let attempt = 1; ; attempt++) {
      const { programIds, revision } = queryChain(this.#chain);
      const watcher = this.#members(programIds).findLast(({ kind }) => kind === "watcher");
      try {
        if (watcher === undefined) return attachFirst(program, this.#chain);
        return attachBehind(program, this.#chain, watcher.id, revision);
      } catch (error) {
        // ENOENT: the watcher ended meanwhile.
        const changed = ["ESTALE", "ENOENT"].includes(errnoOf(error) ?? "");
        if (!changed || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Undefined without the right to ask, or without the interface. */
  #query(): ChainState | undefined {
    try {
      return queryChain(this.#chain);
    } catch {
      return undefined;
    }
  }

  #members(programIds: readonly number[]): ChainMember[] {
    return programIds.map((id) => {
      const member = this.#known.get(id) ?? describeMember(id);
      this.#known.set(id, member);
      return member;
    });
  }

  /** Those in front that may keep packets from this one. */
  #obstacles({ programIds }: ChainState): ChainMember[] {
    const place = programIds.indexOf(this.#programId);
    return this.#members(programIds.slice(0, Math.max(place, 0))).filter(({ kind }) => kind !== "watcher");
  }

  /** Whether the place that this one would choose is in front of one of them. Nobody moves for what may be a watcher. */
  #canImprove({ programIds }: ChainState, obstacles: readonly ChainMember[]): boolean {
    if (this.#moves === MOVES_MAX) return false;
    const members = this.#members(programIds);
    const behind =
      this.#action === "pass"
        ? -1
        : members.findLastIndex(({ kind, id }) => kind === "watcher" && id !== this.#programId);
    return members.some((member, index) => index > behind && obstacles.includes(member) && this.#mayPass(member));
  }

  #mayPass({ kind }: ChainMember): boolean {
    return kind === "foreign" || (kind === "dropper" && this.#action === "pass");
  }

  #move(): boolean {
    this.#moves++;
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

  close(): void {
    this.#link.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
