import { describe, expect, test } from "vitest";
import { parseTcpFlags } from "../../../src/filter/tcp-flags.ts";

const parse = (spec: string) => parseTcpFlags("tcpFlags", spec);

// RFC 9293 section 3.1: FIN 01, SYN 02, RST 04, PSH 08, ACK 10, URG 20, ECE 40, CWR 80.
describe("set and clear", () => {
  test.each([
    ["fin", 0x01, 0x01],
    ["syn", 0x02, 0x02],
    ["rst", 0x04, 0x04],
    ["psh", 0x08, 0x08],
    ["ack", 0x10, 0x10],
    ["urg", 0x20, 0x20],
    ["ece", 0x40, 0x40],
    ["cwr", 0x80, 0x80],
    ["syn,!ack", 0x12, 0x02],
    ["!syn", 0x02, 0x00],
    ["SYN, ACK", 0x12, 0x12],
    ["syn,syn", 0x02, 0x02],
    ["!fin,!syn,!rst,!psh,!ack,!urg,!ece,!cwr", 0xff, 0x00],
  ])("%s looks at the bits %i and wants %i", (spec, mask, value) => {
    expect(parse(spec)).toEqual({ mask, value });
  });

  test("of the same flag contradict each other", () => {
    expect(() => parse("syn,!syn")).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining("set and clear") }),
    );
  });
});

describe("value and mask", () => {
  test.each([
    ["syn/syn,ack", 0x12, 0x02],
    ["syn,ack/syn,ack", 0x12, 0x12],
    ["none/all", 0xff, 0x00],
    ["all/all", 0xff, 0xff],
    ["fin,psh,urg/all", 0xff, 0x29],
    ["none/syn", 0x02, 0x00],
    ["none/none", 0x00, 0x00],
    ["SYN / SYN,ACK", 0x12, 0x02],
  ])("%s looks at the bits %i and wants %i", (spec, mask, value) => {
    expect(parse(spec)).toEqual({ mask, value });
  });

  test.each(["ack/syn", "all/syn", "syn/none"])("%s, whose value its mask leaves out, would match nothing", (spec) => {
    expect(() => parse(spec)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining("mask leaves out") }),
    );
  });
});

test.each([
  "",
  ",",
  "syn,",
  "sin",
  "!",
  "!!syn",
  "2",
  "syn ack",
  "none",
  "all",
  "/",
  "syn/",
  "/syn",
  "syn/!ack",
  "constructor",
  "__proto__",
  "syn/constructor",
  "__proto__/all",
])('"%s" is refused with an explanation', (spec) => {
  expect(() => parse(spec)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringMatching(/^tcpFlags: ".*" is not a TCP flag$/),
      hint: expect.stringContaining("syn/syn,ack"),
    }),
  );
});

test("more than one slash is refused", () => {
  expect(() => parse("syn/syn/ack")).toThrow(/more than one slash/);
});
