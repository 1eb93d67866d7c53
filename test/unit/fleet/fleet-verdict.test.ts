import { expect, test } from "vitest";
import { type FleetRun, faultsOf } from "../../../scripts/lib/fleet-verdict.mjs";

const event = (host: string, sequence: number) => ({ id: `${host}-7-${sequence}`, host, watch: "7", sequence });
const stream = [event("a", 1), event("a", 2), event("w", 1)];
const ids = stream.map(({ id }) => id);
const [first = "", second = ""] = ids;
const watch = { host: "w", published: 1, spooled: 0, dropped: 0 };
const right: FleetRun = {
  kept: new Set([first, second]),
  lost: 0,
  dropped: 0,
  watches: [watch],
  stream,
  followed: ids,
  tabled: ids,
};

test("a run in which every event arrived once has no fault", () => {
  expect(faultsOf(right)).toEqual([]);
  const more = [...stream, event("a", 3)];
  const all = more.map(({ id }) => id);
  expect(faultsOf({ ...right, lost: 1, stream: more, followed: all, tabled: all })).toEqual([]);
});

test.each<[string, Partial<FleetRun>, RegExp]>([
  ["an event twice in the stream", { stream: [...stream, event("a", 2)] }, /the stream has 1 events again/],
  ["an event that a host kept is lost", { kept: new Set([...ids, "a-7-3"]) }, /the stream lacks 1 events/],
  ["an event of a watch is lost", { watches: [{ ...watch, published: 2 }] }, /published 2 events; the stream has 1/],
  ["a gap", { stream: [event("a", 1), event("a", 3), event("w", 1)] }, /a 7 has 2 events up to number 3/],
  ["a watch that published nothing", { watches: [{ ...watch, host: "x", published: 0 }] }, /published 0 events/],
  ["an event that waits", { watches: [{ ...watch, spooled: 1 }] }, /has left 1 events/],
  ["no room", { dropped: 1 }, /no room for 1 events/],
  ["the follower lacks one", { followed: [first, second] }, /the follower lacks 1 events/],
  ["the follower has one again", { followed: [...ids, first] }, /the follower has 1 events again/],
  ["a row of nobody", { tabled: [...ids, "b-7-1"] }, /the table has 1 events that nobody published/],
  ["the table is empty", { tabled: [] }, /the table lacks 3 events/],
  ["nothing at all", { kept: new Set(), watches: [], stream: [], followed: [], tabled: [] }, /no event was published/],
])("is at fault: %s", (_, change, words) => {
  expect(faultsOf({ ...right, ...change }).join("\n")).toMatch(words);
});
