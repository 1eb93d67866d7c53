import { expect, test } from "vitest";
import { alsoBehindTag, asksForEtherType, vlanDevicesOn, vlanNote } from "../../../src/capture/vlan-note.ts";
import type { Program } from "../../../src/filter/classic/instruction.ts";

const config = `VLAN Dev name    | VLAN ID
Name-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD
v0.5           | 5  | v0
office         | 60  | v0
v01.5          | 5  | v01
`;

/** What libpcap makes of `ip`, and of `len > 60`. */
const ip: Program = [
  { kind: "load-packet", size: 2, offset: 12, indexed: false },
  { kind: "branch", comparison: "equal", operand: 0x0800, skipTrue: 0, skipFalse: 1 },
  { kind: "return", value: 262_144 },
  { kind: "return", value: 0 },
];
const long: Program = [
  { kind: "load-length", register: "A" },
  { kind: "branch", comparison: "greater", operand: 60, skipTrue: 0, skipFalse: 1 },
  { kind: "return", value: 262_144 },
  { kind: "return", value: 0 },
];

test("finds the VLAN devices of an interface by its whole name", () => {
  expect(vlanDevicesOn("v0", config)).toEqual(["v0.5", "office"]);
  expect(vlanDevicesOn("v01", config)).toEqual(["v01.5"]);
  expect(vlanDevicesOn("v1", config)).toEqual([]);
  expect(vlanDevicesOn("v0", "")).toEqual([]);
});

test("says what to type where tagged packets are expected and the expression does not choose them", () => {
  const note = (text: string, program: Program, asksForTag = false, devices = ["v0.5"]) =>
    vlanNote("v0", { text, program }, asksForTag, devices);
  expect(note("ip", ip)).toBe(
    "v0 carries VLANs (v0.5), but the expression does not look behind tags: for packets with one, type 'ip or (vlan and ip)'",
  );
  expect(note("ip", ip, true, [])).toMatch(/^`vlan` asks for tagged packets, but/);
  expect(note("ip", ip, false, [])).toBeUndefined();
  expect(note("ip or vlan", ip)).toBeUndefined();
  expect(note("greater 60", long)).toBeUndefined();
  expect(note("ip", ip, false, ["a", "b", "c", "d"])).toContain("(a, b, c, ...)");
  expect([asksForEtherType(ip), asksForEtherType(long)]).toEqual([true, false]);
});

test.each([
  ["icmp", "icmp or (vlan and icmp)"],
  ["port 80 or port 443", "(port 80 or port 443) or (vlan and (port 80 or port 443))"],
  ["not ip", "((not ip) and ether[12:2] != 0x8100) or (vlan and (not ip))"],
  ["tcp[13] != 2", "((tcp[13] != 2) and ether[12:2] != 0x8100) or (vlan and (tcp[13] != 2))"],
])("makes of %s what also looks behind a tag", (expression, expected) => {
  expect(alsoBehindTag(expression)).toBe(expected);
});
