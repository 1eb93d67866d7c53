import { expect, test } from "vitest";
import { outgoingNote } from "../../../src/capture/outgoing-note.ts";
import type { Hook } from "../../../src/packets/captured.ts";

const at = (hook: Hook, target: { name?: string; loopback?: boolean; completesPackets?: boolean } = {}) => ({
  hook,
  target: { name: "v0", loopback: false, completesPackets: true, ...target },
});

test("what only comes in needs no note", () => {
  expect(outgoingNote("in", [at("tc"), at("xdp-native")])).toBeUndefined();
});

test.each(["out", "inout"] as const)("with -Q %s the note names what makes packets complete", (direction) => {
  expect(outgoingNote(direction, [at("packet")])).toMatch(/at v0 .* with ethtool -K v0 tx off gso off they are/);
  expect(outgoingNote(direction, [at("tc")])).toMatch(/ethtool -K v0 tx off gso off and `hook: "packet"` they are/);
});

test("a packet socket sees complete packets where the interface does nothing to them, and TC does not", () => {
  expect(outgoingNote("out", [at("packet", { completesPackets: false })])).toBeUndefined();
  expect(outgoingNote("out", [at("tc")], true)).toMatch(/^packets that go out at v0 [^:`]*$/);
  expect(outgoingNote("out", [at("tc", { completesPackets: false })])).toMatch(/checksum: "repair"/);
});

test("the checksums of a loopback interface cannot be switched on", () => {
  expect(outgoingNote("out", [at("tc", { name: "lo", loopback: true })])).not.toMatch(/ethtool/);
});

test("several interfaces share a note, which names those that it is of", () => {
  const note = outgoingNote("out", [
    at("packet", { name: "v0" }),
    at("packet", { name: "v1", completesPackets: false }),
    at("packet", { name: "v2" }),
  ]);
  expect(note).toMatch(/at v0, v2 .*ethtool -K <interface> /);
});
