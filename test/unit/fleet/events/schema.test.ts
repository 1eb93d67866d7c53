import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { EVENT_NAMES, KEY_KINDS } from "../../../../src/fleet/events/fleet-event.ts";
import { TRAFFIC_KEYS } from "../../../../src/packets/traffic-counts.ts";
import { BODIES, sampleEvent } from "../../../support/sample-events.ts";

const schema = JSON.parse(readFileSync("schemas/fleet.event.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  schema,
);
const isValid = (event: unknown) => validate(JSON.parse(JSON.stringify(event)));

test.each(BODIES)("the schema takes an event that $event", (body) => {
  expect(isValid(sampleEvent(body)), JSON.stringify(validate.errors)).toBe(true);
});

test.each(BODIES)(
  "the schema refuses an event that $event with anything more, or without any of what it has",
  (body) => {
    const event = sampleEvent(body);
    expect(isValid({ ...event, payload: "ff" })).toBe(false);
    const optional = new Set(["error", "packets", "total"]);
    for (const name of Object.keys(event)) {
      if (event.event === "ended" && optional.has(name)) continue;
      expect(isValid({ ...event, [name]: undefined }), name).toBe(false);
    }
  },
);

test("the schema has the events and the kinds of keys that there are", () => {
  const { definitions } = schema;
  expect(schema.oneOf.map(({ $ref }: { $ref: string }) => $ref.split("/").at(-1))).toEqual([...EVENT_NAMES]);
  expect(Object.keys(definitions.changed.properties.top.properties)).toEqual([...KEY_KINDS]);
  expect(KEY_KINDS).toEqual(TRAFFIC_KEYS);
});
