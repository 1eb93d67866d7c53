import { expect, test } from "vitest";
import { CAPTURE_MARKS, describeMember, Neighbours, PLACEHOLDER_NAME } from "../../../src/capture/chain-members.ts";

/** Programs of a host, by their number. */
const names = (programId: number) =>
  new Map([
    [1, { name: "capture_tc_ingre", maps: ["rings", CAPTURE_MARKS.pass] }],
    [2, { name: "capture_tc_ingre", maps: ["rings", CAPTURE_MARKS.drop] }],
    [3, { name: "cil_from_netdev", maps: ["cilium_calls"] }],
    [4, { name: PLACEHOLDER_NAME, maps: [] }],
  ]).get(programId);

function neighboursOf(action: "pass" | "drop"): Neighbours {
  const neighbours = new Neighbours(false, action);
  neighbours.lookUpBy(names);
  return neighbours;
}

test.each([
  [1, "watcher", 'program 1 "capture_tc_ingre"'],
  [2, "dropper", 'program 2 "capture_tc_ingre"'],
  [3, "foreign", 'program 3 "cil_from_netdev"'],
  [4, "watcher", `program 4 "${PLACEHOLDER_NAME}"`],
  [5, "unknown", "program 5"],
])("program %i is a %s", (programId, kind, label) => {
  expect(describeMember(programId, names)).toEqual({ kind, label });
});

test.each([
  ["pass", [false, true, true, false, false]],
  ["drop", [false, false, true, false, false]],
] as const)("a capture with action %s goes in front of these: %j", (action, expected) => {
  const neighbours = neighboursOf(action);
  expect([1, 2, 3, 4, 5].map((id) => neighbours.mayPass(neighbours.member(id)))).toEqual(expected);
});

test("two programs that both want to be the first do not move for ever", () => {
  const neighbours = neighboursOf("pass");
  let moves = 0;
  while (moves < 1000 && neighbours.mayMove()) moves++;
  expect(moves).toBeGreaterThan(0);
  expect(moves).toBeLessThan(1000);
});

test("each that stays in front is told once, and each move", () => {
  const neighbours = neighboursOf("drop");
  const [foreign, unknown] = [neighbours.member(3), neighbours.member(5)];
  const stays = /^program 5 stands in front at TC \(in\): packets that it drops/;
  const moved = 'program 3 "cil_from_netdev" was attached in front at TC (in): moved in front of it';
  expect(neighbours.notes([foreign, unknown], [unknown])).toEqual([moved, expect.stringMatching(stays)]);
  expect(neighbours.notes([foreign, unknown], [unknown])).toEqual([moved]);
});
