/**
 * Chooses the priority of a capture among the filters of a clsact qdisc. Filters of lower numbers run first, from 1 on.
 * All filters of one number are of one kind and protocol, and of the kind "bpf" the newest runs first (cls_bpf_change()
 * of net/sched/cls_bpf.c, tcf_chain_tp_find() of net/sched/cls_api.c).
 */
import type { ClsactFilter } from "../native/clsact.ts";
import type { ChainMember } from "./chain-members.ts";
import type { Action } from "./options.ts";

export interface ClsactNeighbour extends ClsactFilter {
  readonly member: ChainMember;
}

/**
 * The first priority that captures use. 1 stays free for filters of other kinds, which nobody could add there
 * otherwise.
 */
const USUAL: Readonly<Record<Action, number>> = { pass: 2, drop: 3 };
const PRIORITY_MAX = 0xffff;
/** ETH_P_ALL of include/uapi/linux/if_ether.h, the protocol of the filters of captures. */
const EVERY_PROTOCOL = 3;

/** @param filters those that are there, the first to run first */
export function choosePriority(filters: readonly ClsactNeighbour[], action: Action): number {
  const watchers = filters.filter(({ member }) => member.kind === "watcher").map(({ priority }) => priority);
  const behind = action === "pass" ? 0 : Math.max(0, ...watchers);
  const isBefore = ({ member, priority }: ClsactNeighbour) =>
    member.kind === "foreign" ||
    member.kind === "unknown" ||
    (action === "pass" && priority > behind && member.kind === "dropper");
  const first = filters.find(isBefore)?.priority ?? PRIORITY_MAX;
  const wanted = Math.min(USUAL[action], first - 1);
  if (wanted > behind) return wanted;
  if (first - 1 > behind) return first - 1;
  if (first > behind && isJoinable(filters, first)) return first;
  return firstJoinable(filters, behind + 1);
}

/** Whether a filter of a capture can have that priority and stand in front of those that have it. */
function isJoinable(filters: readonly ClsactNeighbour[], wanted: number): boolean {
  return filters.every(
    ({ priority, kind, protocol }) => priority !== wanted || (kind === "bpf" && protocol === EVERY_PROTOCOL),
  );
}

function firstJoinable(filters: readonly ClsactNeighbour[], from: number): number {
  let priority = from;
  while (!isJoinable(filters, priority)) priority++;
  return priority;
}
