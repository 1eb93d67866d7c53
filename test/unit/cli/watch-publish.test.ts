import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { refuseWithoutPublish } from "../../../src/cli/nats-options.ts";
import { WatchEvents } from "../../../src/cli/watch-events.ts";
import { WatchEvidence } from "../../../src/cli/watch-evidence.ts";
import { planPublishing } from "../../../src/cli/watch-publish.ts";
import type { FleetEvent } from "../../../src/fleet/events/fleet-event.ts";
import type { Recorder } from "../../../src/flood/recorder.ts";
import { HOST_CLOCK } from "../../../src/flood/watch-clock.ts";
import type { WatchEvent } from "../../../src/flood/watch-event.ts";
import { NO_COUNTERS, NO_TOTALS } from "../../../src/flood/watched-counts.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("the options of --publish", () => {
  test.each([{ subject: "a.{host}.{event}" }, { spoolSize: 1 << 20 }, { tlsCa: "ca.pem" }, { creds: "x" }])(
    "%j means nothing without it",
    (flags) => {
      const hint = "add --publish nats://HOST:4222, or leave it out";
      expect(() => refuseWithoutPublish(flags)).toThrow(expect.objectContaining({ code: "USAGE", hint }));
      expect(() => refuseWithoutPublish({ ...flags, publish: "nats://a" })).not.toThrow();
    },
  );

  test("have sizes and subjects that can be honoured", () => {
    expect(planPublishing({})).toBeUndefined();
    const publish = "nats://events";
    expect(planPublishing({ publish })).toMatchObject({ subject: "ringcap.{host}.{event}", size: 16 << 20 });
    expect(planPublishing({ publish, spoolSize: 1 << 20 })).toMatchObject({ size: 1 << 20 });
    expect(() => planPublishing({ publish, spoolSize: 1000 })).toThrow(
      expect.objectContaining({ hint: "type 1Mi or more" }),
    );
    expect(() => planPublishing({ publish, subject: "x" })).toThrow(expect.objectContaining({ option: "--subject" }));
  });
});

test("an incident that cannot be recorded is told of too, and all events are by the schema", () => {
  const schema = JSON.parse(readFileSync("schemas/fleet.event.schema.json", "utf8"));
  const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
  const published: FleetEvent[] = [];
  const counts = { incidents: 1, failed: 1, packets: 0, bytes: 0, writeFailed: 0, overSize: 0 };
  const events = new WatchEvents({
    host: "web1",
    began: 17n,
    watch: {
      counts: { counters: NO_COUNTERS, totals: NO_TOTALS },
      interfaces: [{ name: "v0", isCaptured: false }],
      session: undefined,
    } as unknown as ConstructorParameters<typeof WatchEvents>[0]["watch"],
    recorder: { counts, history: { forgotten: 0, overflowed: 0 }, incident: undefined } as unknown as Recorder,
    spool: () => ({ events: 0, bytes: 0, dropped: 0 }),
    publish: (event) => published.push(event),
  });
  const triggers = [{ rule: "1k/s per src", value: 1001, threshold: 1000, key: "192.0.2.7" }];
  const failed: WatchEvent = { event: "incident-failed", incident: "x", reason: "no space left", triggers };
  events.health("watching");
  events.take(failed);
  events.take({ event: "interface-gone", interface: "v0" });
  events.look();
  events.health("ended");
  expect(published.map(({ event, sequence, id }) => [event, sequence, id])).toEqual([
    ["health", 1, expect.stringMatching(/^web1-17-1-/)],
    ["began", 2, expect.stringMatching(/^web1-17-2-/)],
    ["ended", 3, expect.stringMatching(/^web1-17-3-/)],
    ["health", 4, expect.stringMatching(/^web1-17-4-/)],
  ]);
  expect(published[1]).toMatchObject({
    incident: "x",
    triggers,
    interfaces: ["v0"],
    total: { matched: 0, bytes: null },
  });
  expect(published[2]).toMatchObject({ incident: "x", why: "failed", error: "no space left" });
  expect(published.filter((event) => !validate(event))).toEqual([]);
  expect(BigInt(Date.parse(published[0]?.time ?? "")) * 1_000_000n).toBeLessThanOrEqual(HOST_CLOCK.time());
});

test("what is to be uploaded is on the disk before it is, and what an incident that failed has left is of it", () => {
  const directory = temporaryDirectory();
  const evidence = new WatchEvidence(directory, { access: { servers: [] }, host: "web1", rate: 1e6 }, true);
  evidence.take({ event: "incident-failed", incident: "a", reason: "no room" });
  evidence.take({ event: "incident-failed", incident: "b", directory: join(directory, "b"), reason: "no room" });
  expect(evidence.counts).toEqual({ uploaded: 0, bytes: 0, left: 1 });
  expect(readFileSync(join(directory, "unsent-incidents"), "utf8")).toBe("b\n");
  writeFileSync(join(directory, "unsent-incidents"), "b\n../c\nb\n\n");
  const next = new WatchEvidence(directory, { access: { servers: [] }, host: "web1", rate: 1e6 }, true);
  expect(next.counts.left).toBe(1);
});
