import { describe, expect, test } from "vitest";
import {
  checkSubject,
  DEFAULT_SUBJECT,
  eventId,
  subjectOf,
  subjectOfAll,
  subjectOfStream,
} from "../../../../src/fleet/events/subject.ts";

describe("the subject of an event", () => {
  test.each([
    ["web1", "ringcap.web1.began"],
    ["web1.example.net", "ringcap.web1_example_net.began"],
    ["a b\t*>\r\n", "ringcap.a_b_____.began"],
    ["h\u00f6st", "ringcap.h_st.began"],
    ["", "ringcap._.began"],
    ["$&{event}", "ringcap.$&{event}.began"],
  ])("of the host %j is %s", (host, subject) => {
    expect(subjectOf(DEFAULT_SUBJECT, host, "began")).toBe(subject);
  });

  test("of a template of one's own is asked for by its stream and by readers", () => {
    const template = checkSubject("edge.eu.{event}.{host}");
    expect(subjectOf(template, "web1", "ended")).toBe("edge.eu.ended.web1");
    expect(subjectOfAll(template)).toBe("edge.eu.*.*");
    expect(subjectOfStream(template)).toBe("edge.eu.>");
  });

  test.each([
    "ringcap",
    "ringcap.{host}",
    "ringcap.{host}{event}",
    "ringcap.{host}.{host}.{event}",
    "ringcap.x{host}.{event}",
    "{host}.{event}",
    "{event}.ringcap.{host}",
    "ringcap..{host}.{event}",
    "ringcap.>.{host}.{event}",
    "ringcap.*.{host}.{event}",
    "ring cap.{host}.{event}",
    "$JS.{host}.{event}",
    "_INBOX.{host}.{event}",
    "",
    `${"x".repeat(200)}.{host}.{event}`,
  ])("is refused as %j", (template) => {
    expect(() => checkSubject(template)).toThrow(expect.objectContaining({ code: "USAGE", option: "--subject" }));
  });
});

test("an id is one token of ASCII, whatever the host is called", () => {
  const ids = [1, 2].map(() => eventId("web 1.\r\n\u00e9", "17", 3));
  for (const id of ids) expect(id).toMatch(/^web_1____-17-3-[0-9a-f]{16}$/);
  // Somebody who knew an id in advance could have the server take the event for one that it has.
  expect(ids[0]).not.toBe(ids[1]);
});
