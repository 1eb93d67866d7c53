import { expect, test } from "vitest";
import { FollowedEvents } from "../../../../src/fleet/follow/follow-events.ts";
import { EVENT_BYTES, readEvent } from "../../../../src/fleet/follow/followed-event.ts";
import { KnownIds } from "../../../../src/fleet/follow/known-ids.ts";
import { BODIES, sampleEvent } from "../../../support/sample-events.ts";

const encode = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const [began, , , , health] = BODIES.map((body) => sampleEvent(body));
const HEALTH = "ringcap.web1.health";
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test.each(BODIES.map((body) => [body.event, body] as const))(
  "an event that says %s is read with all that it has",
  (_, body) => {
    const event = sampleEvent(body, 7);
    expect(readEvent(encode(event), `ringcap.web1.${body.event}`)).toMatchObject({
      id: event.id,
      host: "web1",
      kind: body.event,
      incident: "incident" in body ? body.incident : undefined,
      time: { seconds: Date.UTC(2026, 10, 28, 14, 43, 9) / 1000, nanoseconds: 123_456_789 },
      sequence: 7,
      json: JSON.stringify(event),
    });
  },
);

test.each([
  ["no JSON", ""],
  ["no JSON", "{"],
  ["no JSON", "[]"],
  ["no JSON", "null"],
  ["no JSON", nested(30_000)],
  ["no JSON", Buffer.from([0x22, 0xff, 0x22])],
  ["too long", `{"version":1,"x":"${"y".repeat(EVENT_BYTES)}"}`],
  ["of another version", {}],
  ["of another version", { ...health, version: 2 }],
  ["of another version", { ...health, version: "1" }],
  ["malformed", { version: 1 }],
  ["malformed", { ...health, id: 5 }],
  ["malformed", { ...health, host: "" }],
  ["malformed", { ...health, host: ["web1"] }],
  ["malformed", { ...health, host: "\u0001".repeat(200) }],
  ["malformed", { ...health, host: "h".repeat(256) }],
  ["malformed", { ...health, time: "yesterday" }],
  ["malformed", { ...health, time: "2300-01-01T00:00:00Z" }],
  ["malformed", { ...health, time: "1969-12-31T23:59:59Z" }],
  ["malformed", { ...health, time: "2026-02-30T00:00:00Z" }],
  ["malformed", { ...health, event: "toString" }],
  ["of another host than its subject", { ...health, host: "web2" }],
  ["of another host than its subject", { ...health, host: "ringcap" }],
  ["malformed", { ...began, incident: undefined }],
  ["malformed", { ...began, incident: { toString: 1 } }],
])("a message is no event where it is %s: %j", (reason, value) => {
  const event = (value as { event?: string } | undefined)?.event;
  expect(readEvent(value instanceof Buffer ? value : encode(value), `ringcap.web1.${event}`)).toBe(reason);
});

test("an event whose objects lie within one another too deeply to be written is none", () => {
  const text = JSON.stringify({ ...health, x: 0 }).replace('"x":0', `"x":${nested(30_000)}`);
  expect(readEvent(encode(text), HEALTH)).toBe("malformed");
});

test("fields of wrong types are no fields, and steering characters become text", () => {
  const event = readEvent(encode({ ...health, sequence: -1, incident: 5, state: "\u001b[2J\u202e" }), HEALTH);
  expect(event).toMatchObject({ sequence: undefined, incident: undefined });
  expect(event).toHaveProperty("json", expect.stringContaining('"state":"\\u001b[2J\\u202e"'));
});

test("an event that comes again is left out, and what is no event is counted by its reason", () => {
  const events = new FollowedEvents();
  const payloads = [health, health, { ...health, incident: "x" }, "x", "y", { version: 3 }].map(encode);
  expect(payloads.map((payload) => events.take({ payload, subject: HEALTH })?.kind)).toEqual([
    "health",
    undefined,
    undefined,
    ...Array(3).fill(undefined),
  ]);
  expect(events.refused.repeated).toBe(2);
  expect(events.refused.text()).toBe("3 messages are no events of this version: 2 no JSON, 1 of another version");
});

test("the last ids are known, and not all", () => {
  const ids = new KnownIds(10);
  const names = Array.from({ length: 100 }, (_, index) => `id-${index}`);
  expect(names.filter((id) => !ids.add("web1", id))).toEqual([]);
  expect(names.slice(90).filter((id) => ids.add("web1", id))).toEqual([]);
  expect(ids.add("web2", "id-99")).toBe(true);
  expect(ids.add("web1", "id-0")).toBe(true);
});
