/** Who stands in the way of packets at TC: programs of other captures are known by the names of their maps. */

import { programNames } from "../libbpf/program.ts";
import type { Action } from "./options.ts";

export interface ChainMember {
  readonly id: number;
  /** Undefined where CAP_SYS_ADMIN is missing to look at it. */
  readonly name: string | undefined;
  /** "watcher" and "dropper" are captures; a watcher lets every packet go on. */
  readonly kind: "watcher" | "dropper" | "foreign" | "unknown";
}

/** Names of a map that the programs of a capture use, by what becomes of the packets that match. At most 15 bytes. */
export const CAPTURE_MARKS: Readonly<Record<Action, string>> = { pass: "ringcap_watches", drop: "ringcap_drops" };

/** What stands in for a capture program while it moves. */
export const PLACEHOLDER_NAME = "ringcap_moves";

export function describeMember(id: number): ChainMember {
  const names = programNames(id);
  if (names === undefined) return { id, name: undefined, kind: "unknown" };
  const { name, maps } = names;
  if (maps.includes(CAPTURE_MARKS.drop)) return { id, name, kind: "dropper" };
  const isWatcher = maps.includes(CAPTURE_MARKS.pass) || name === PLACEHOLDER_NAME;
  return { id, name, kind: isWatcher ? "watcher" : "foreign" };
}

/** For messages: `program 12 "drop_all"`. */
export function nameMember({ id, name }: Pick<ChainMember, "id" | "name">): string {
  return `program ${id}${name === undefined ? "" : ` "${name}"`}`;
}
