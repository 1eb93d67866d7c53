import { expect, test } from "vitest";
import type { EventBody } from "../../../../src/fleet/events/fleet-event.ts";
import { DEFAULT_SUBJECT, subjectOf } from "../../../../src/fleet/events/subject.ts";
import { eventLine, healthLine, runningLine } from "../../../../src/fleet/follow/event-line.ts";
import { fleetLines } from "../../../../src/fleet/follow/fleet-lines.ts";
import { FleetState } from "../../../../src/fleet/follow/fleet-state.ts";
import { type FollowedEvent, readEvent } from "../../../../src/fleet/follow/followed-event.ts";
import { BODIES, sampleEvent } from "../../../support/sample-events.ts";

const NOW = Date.UTC(2026, 10, 28, 14, 44);
const [began, changed, ended, , health] = BODIES as [EventBody, EventBody, EventBody, EventBody, EventBody];
const wide = { width: 200, height: 40 };

function eventOf(body: EventBody | object, host = "web1"): FollowedEvent {
  const sample = { ...sampleEvent(health, 1, host), ...body };
  const event = readEvent(Buffer.from(JSON.stringify(sample)), subjectOf(DEFAULT_SUBJECT, sample.host, sample.event));
  if (typeof event === "string") throw new Error(event);
  return event;
}

test("a host is hit from the beginning of an incident to its end, with the numbers of the last second", () => {
  const state = new FleetState();
  state.apply(eventOf(began), NOW);
  expect(state.view(NOW).hit).toMatchObject([{ host: "web1", rule: "20000/s", perSecond: undefined }]);
  state.apply(eventOf(changed), NOW + 1000);
  expect(state.view(NOW + 1000).hit).toEqual([
    {
      host: "web1",
      incident: "20261128T144309Z-20000-s",
      began: Date.UTC(2026, 10, 28, 14, 43, 9),
      rule: "20000/s",
      perSecond: Math.round(9001 / 12.5),
      total: 9001,
      dropped: 1,
      source: "192.0.2.7",
      victim: "[2001:db8::1]:443",
      heard: NOW + 1000,
      watch: sampleEvent(health, 1, "web1").watch,
      sequence: 1,
    },
  ]);
  state.apply(eventOf(health), NOW + 2000);
  state.apply(eventOf(ended), NOW + 3000);
  expect(state.view(NOW + 3000)).toMatchObject({ hit: [], quiet: ["web1"], overdue: [], unknown: [], stopped: [] });
});

test("an incident whose beginning was not seen began when its name says, and one without news is over", () => {
  const state = new FleetState();
  state.apply(eventOf(changed), NOW);
  state.apply(eventOf({ ...changed, incident: "no time" }), NOW);
  const { hit, unknown } = state.view(NOW);
  expect(hit.map((incident) => incident.began)).toEqual([Date.UTC(2026, 10, 28, 14, 43, 9), undefined]);
  expect(unknown).toEqual([]);
  expect(state.view(NOW + 151_000)).toMatchObject({ hit: [], unknown: ["web1"] });
});

test("an incident whose end was not read is over with a later one of its watch", () => {
  const state = new FleetState();
  const [first, second] = ["20261128T144309Z-20000-s", "20261128T144400Z-20000-s"];
  state.apply(eventOf({ ...changed, incident: first, sequence: 5 }), NOW);
  state.apply(eventOf({ ...changed, incident: first, sequence: 5 }, "web2"), NOW);
  state.apply(eventOf({ ...began, incident: second, sequence: 7 }), NOW);
  state.apply(eventOf({ ...ended, incident: second, sequence: 8 }), NOW);
  expect(state.view(NOW).hit.map(({ host }) => host)).toEqual(["web2"]);
  // The end of an incident may be told behind the beginning of the next one.
  state.apply(eventOf({ ...began, incident: second, sequence: 9 }), NOW);
  state.apply(eventOf({ ...ended, incident: first, sequence: 10 }), NOW);
  expect(state.view(NOW).hit.map(({ host, incident }) => [host, incident])).toEqual(
    expect.arrayContaining([["web1", second]]),
  );
});

test("health is overdue after 150 s, and is not after the watch was stopped", () => {
  const state = new FleetState();
  for (const host of ["b", "a", "c"]) state.apply(eventOf(health, host), NOW);
  state.apply(eventOf({ ...health, state: "ended" }, "c"), NOW);
  state.apply(eventOf(health, "d"), NOW + 60_000);
  expect(state.view(NOW + 150_000)).toMatchObject({ quiet: ["a", "b", "d"], stopped: ["c"], overdue: [] });
  expect(state.healthChanges(NOW + 150_000)).toEqual([]);
  const late = NOW + 150_001;
  expect(state.view(late).overdue).toEqual(["a", "b"].map((host) => ({ host, seconds: 150 })));
  expect(state.healthChanges(late).map(({ host, isOverdue }) => [host, isOverdue])).toEqual([
    ["b", true],
    ["a", true],
  ]);
  expect(state.healthChanges(late)).toEqual([]);
  state.apply(eventOf(health, "a"), late);
  expect(state.healthChanges(late).map((change) => healthLine(change, late))).toEqual([
    "2026-11-28T14:46:30.001Z a is heard again",
  ]);
});

test("no more hosts and incidents are remembered than there is room for, and the others are counted", () => {
  const state = new FleetState(10);
  for (let index = 0; index < 1000; index++) {
    state.apply(eventOf(health, `host${index}`), NOW);
    state.apply(eventOf({ ...changed, incident: `incident ${index}` }, "web1"), NOW + index);
  }
  const { hit, quiet, forgotten } = state.view(NOW);
  expect(hit).toHaveLength(10);
  expect(hit[0]?.incident).toBe("incident 990");
  expect(quiet).toHaveLength(9);
  expect(forgotten).toBe(990 + 991);
});

test("top keys and numbers of wrong types are unknown", () => {
  const state = new FleetState();
  const counts = { packets: "9", dropped: null, seconds: 0 };
  state.apply(
    eventOf({ ...changed, interval: [], total: counts, top: { src: "x", "src-net": [5], dst: [{ key: 1 }] } }),
    NOW,
  );
  state.apply(eventOf({ ...began, triggers: { 0: "x" } }), NOW);
  const unknown = { rule: undefined, perSecond: undefined, total: undefined, source: undefined, victim: undefined };
  expect(state.view(NOW).hit).toMatchObject([unknown]);
});

test("the table has the heaviest incident first, fits the terminal, and no text in it steers", () => {
  const state = new FleetState();
  for (let index = 0; index < 60; index++) state.apply(eventOf(health, `quiet${index}`), NOW);
  for (let index = 1; index <= 60; index++) {
    const interval = { packets: index * 1000, seconds: 1 };
    const top = { src: [{ key: "\u001b[31m\n::error::" }] };
    state.apply(eventOf({ ...changed, interval, top, incident: "x" }, `web${index}\r\n`), NOW);
  }
  const lines = fleetLines(state.view(NOW), { width: 80, height: 24 });
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join("")).toMatch(/^[ -~]*$/);
  expect(lines[0]).toBe("hosts: 60 hit, 60 quiet, 0 overdue, 0 unknown; 1,830,000 packets/s");
  expect(lines[3]).toMatch(/^web60\\u000d\\u000a +\? +60,000 /);
  expect(lines.filter((line) => line.startsWith("web"))).toHaveLength(16);
  expect(lines).toContain("  and 44 more");
  expect(lines.at(-1)).toMatch(/^quiet: quiet0, quiet1, .*, and \d+ more$/);
  expect(fleetLines(new FleetState().view(NOW), wide)[0]).toMatch(/^hosts: 0 hit/);
});

test("what begins and ends is a line, and what is told again and again is none", () => {
  expect([began, changed, ended, health].map((body) => eventLine(eventOf(body)))).toEqual([
    "2026-11-28T14:43:09.123456789Z web1 began 20261128T144309Z-20000-s: 20000/s",
    undefined,
    "2026-11-28T14:43:09.123456789Z web1 ended 20261128T144309Z-20000-s: over, 9,001 packets, 1 dropped, 30 s",
    undefined,
  ]);
  const hostile = { ...ended, why: "\u001b[2J", seconds: "x", total: 5, incident: "a\nb" };
  expect(eventLine(eventOf(hostile, "h\n"))).toBe(
    "2026-11-28T14:43:09.123456789Z h\\u000a ended a\\u000ab: \\u001b[2J",
  );
  const state = new FleetState();
  state.apply(eventOf(began), NOW);
  expect(state.view(NOW).hit.map(runningLine)).toEqual([
    "2026-11-28T14:43:09.000Z web1 began 20261128T144309Z-20000-s: 20000/s",
  ]);
});
