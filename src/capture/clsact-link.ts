/**
 * An attachment at TC on kernels before 6.6: a filter of the clsact qdisc. It stands in front of the filters of others,
 * as TcxLink does in its chain. The kernel keeps the filters of a killed process, and the next capture removes them.
 */
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import {
  attachClsact,
  type ClsactPlace,
  clsactProgramId,
  detachClsact,
  listClsact,
  replaceClsact,
} from "../native/clsact.ts";
import type { BpfProgram } from "../native/program.ts";
import type { Chain } from "../native/program-chain.ts";
import { type ChainMember, Neighbours } from "./chain-members.ts";
import { noteFilter, RUN_DIRECTORY, removeLeftovers } from "./clsact-leftovers.ts";
import { type ClsactNeighbour, choosePriority } from "./clsact-priority.ts";
import type { Action } from "./options.ts";
import type { Placeholders } from "./placeholders.ts";
import type { ProgramView } from "./program-view.ts";

/** The handle is random, so that two captures do not choose the same. */
const HANDLE_MAX = 2 ** 31;

/** The fields of the error. The kernel answers the same where interfaces share a block of filters. */
const NO_EGRESS = { code: "EOPNOTSUPP", operation: "attach a TC filter" };

interface Filter {
  readonly place: ClsactPlace;
  readonly note: string;
}

export class ClsactLink implements Disposable {
  /** The capability that detaching needs. The kernel checks it also when a filter is removed. */
  readonly detachesBy = "CAP_NET_ADMIN";
  readonly #program: BpfProgram;
  readonly #chain: Chain;
  readonly #action: Action;
  readonly #placeholders: Placeholders;
  readonly #runDirectory: string;
  readonly #neighbours: Neighbours;
  #filter: Filter;
  #attached = true;

  constructor(
    program: BpfProgram,
    chain: Chain,
    action: Action,
    placeholders: Placeholders,
    runDirectory = RUN_DIRECTORY,
  ) {
    removeLeftovers(runDirectory);
    this.#program = program;
    this.#chain = chain;
    this.#action = action;
    this.#placeholders = placeholders;
    this.#runDirectory = runDirectory;
    this.#neighbours = new Neighbours(chain.egress, action);
    this.#filter = this.#attach(program, choosePriority(this.#filters(), action));
  }

  /** From here on it looks up other programs by that view, which needs no capability. */
  lookBy(view: ProgramView): void {
    this.#neighbours.lookUpBy((programId) => view.namesOf(programId));
  }

  #attach(program: BpfProgram, priority: number): Filter {
    const place = { ...this.#chain, handle: randomInt(1, HANDLE_MAX), priority };
    const note = noteFilter(place, this.#runDirectory);
    try {
      attachClsact(program, place);
    } catch (error) {
      rmSync(note, { force: true });
      throw error;
    }
    if (place.egress && runsOnIngress(place)) {
      remove({ place, note });
      throw Object.assign(new Error("the qdisc of the interface has filters for what comes in only"), NO_EGRESS);
    }
    return { place, note };
  }

  #filters(): ClsactNeighbour[] {
    const { interfaceIndex, egress } = this.#chain;
    return listClsact(interfaceIndex, egress).map((filter) => ({ ...filter, member: this.#memberOf(filter) }));
  }

  /** The list is empty where the kernel does not tell. */
  #present(): ClsactNeighbour[] {
    try {
      return this.#filters();
    } catch {
      return [];
    }
  }

  #memberOf({ programId, kind, priority }: Omit<ClsactNeighbour, "member">): ChainMember {
    if (programId !== 0) return this.#neighbours.member(programId);
    return { label: `a filter of kind ${kind} and priority ${priority}`, kind: "foreign" };
  }

  /** The index of the interface; 0 once the interface or the filter is gone. */
  interfaceIndex(): number {
    return clsactProgramId(this.#filter.place) === 0 ? 0 : this.#filter.place.interfaceIndex;
  }

  /**
   * Checks whether a filter has come in front that can keep packets from this one, and goes in front of it again.
   *
   * @returns what is worth a note
   */
  checkPlace(): string[] {
    const filters = this.#present();
    const obstacles = this.#obstacles(filters);
    if (obstacles.length === 0) return [];
    const others = filters.filter(({ handle }) => handle !== this.#filter.place.handle);
    const priority = choosePriority(others, this.#action);
    // Among filters with the same number the newest is the first.
    const isBetter = obstacles.some(
      (obstacle) => priority <= obstacle.priority && this.#neighbours.mayPass(obstacle.member),
    );
    const moved = isBetter && this.#neighbours.mayMove() && this.#move(priority);
    const remaining = moved ? this.#obstacles(this.#present()) : obstacles;
    const members = (found: readonly ClsactNeighbour[]) => found.map(({ member }) => member);
    return this.#neighbours.notes(members(obstacles), members(remaining));
  }

  /** The filters in front that may keep packets from this one. */
  #obstacles(filters: readonly ClsactNeighbour[]): ClsactNeighbour[] {
    const place = filters.findIndex(({ handle }) => handle === this.#filter.place.handle);
    return filters.slice(0, Math.max(place, 0)).filter(({ member }) => member.kind !== "watcher");
  }

  /** Between the two steps, for some ten microseconds, the program is in neither place. */
  #move(priority: number): boolean {
    const [first, second] = this.#placeholders.programs;
    const former = this.#filter;
    let filter: Filter | undefined;
    try {
      filter = this.#attach(first, priority);
      replaceClsact(second, former.place);
      replaceClsact(this.#program, filter.place);
    } catch {
      if (filter === undefined) return false;
      try {
        replaceClsact(this.#program, former.place);
      } finally {
        remove(filter);
      }
      return false;
    }
    this.#filter = filter;
    remove(former);
    return true;
  }

  close(): void {
    if (!this.#attached) return;
    remove(this.#filter);
    this.#attached = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The older qdisc "ingress" takes a filter of either direction for one of incoming packets (net/sched/sch_ingress.c).
 */
function runsOnIngress({ interfaceIndex, handle }: ClsactPlace): boolean {
  return listClsact(interfaceIndex, false).some((filter) => filter.handle === handle);
}

/** Without the right to remove its note the filter is removed all the same, and the next capture removes the note. */
function remove({ place, note }: Filter): void {
  detachClsact(place);
  try {
    rmSync(note, { force: true });
  } catch {}
}
