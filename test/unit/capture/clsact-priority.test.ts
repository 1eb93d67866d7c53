import { expect, test } from "vitest";
import type { ChainMember } from "../../../src/capture/chain-members.ts";
import { type ClsactNeighbour, choosePriority } from "../../../src/capture/clsact-priority.ts";

const filter = (
  priority: number,
  kind: ChainMember["kind"],
  other: Partial<ClsactNeighbour> = {},
): ClsactNeighbour => ({
  ...{ priority, protocol: 3, handle: 1, kind: "bpf", programId: 7 },
  ...other,
  member: { label: kind, kind },
});
const matchall = { kind: "matchall", programId: 0 };

test.each([
  ["nobody", [], 2, 3],
  ["somebody far behind", [filter(40_000, "foreign")], 2, 3],
  ["somebody where it usually is", [filter(2, "foreign")], 1, 1],
  ["somebody right behind", [filter(3, "foreign")], 2, 2],
  ["a bpf filter of the first priority", [filter(1, "foreign")], 1, 1],
  ["one of another kind there", [filter(1, "foreign", matchall)], 2, 2],
  ["one of another protocol there", [filter(1, "foreign", { protocol: 0x0800 })], 2, 2],
  ["two of other kinds", [filter(1, "foreign", matchall), filter(2, "foreign", matchall)], 3, 3],
  ["a watcher", [filter(2, "watcher")], 2, 3],
  ["a capture that drops", [filter(3, "dropper")], 2, 3],
  ["a watcher and a foreign one right behind it", [filter(2, "watcher"), filter(3, "foreign")], 2, 3],
  ["both of the first priority", [filter(1, "watcher"), filter(1, "foreign")], 1, 2],
  ["somebody unknown", [filter(3, "unknown")], 2, 2],
])("beside %s", (_name, filters, watching, dropping) => {
  expect(choosePriority(filters, "pass")).toBe(watching);
  expect(choosePriority(filters, "drop")).toBe(dropping);
});
