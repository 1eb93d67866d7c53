import { expect, test } from "vitest";
import { hintAgainstHabit } from "../../../src/filter/expression-habits.ts";

test.each([
  ["http", "type tcp port 80"],
  ["IPv6", "type ip6"],
  ["ip.addr", "display filters"],
  ["tcp.flags.syn", "display filters"],
  ["==", "type port 80"],
])("%s", (piece, hint) => {
  expect(hintAgainstHabit(piece)).toContain(hint);
});

test.each(["", "prt", "10.0.0.1", "443", "x.pcap/", "tcp", "constructor", "and"])("%j is no known habit", (piece) => {
  expect(hintAgainstHabit(piece)).toBeUndefined();
});
