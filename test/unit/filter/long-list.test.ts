import { describe, expect, test } from "vitest";
import type { RawInstruction } from "../../../src/filter/classic/instruction.ts";
import { chainPrograms, partsOfLongList } from "../../../src/filter/long-list.ts";

const hosts = (count: number) => Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
const listOf = (terms: readonly string[], or = " or ") => terms.join(or);

describe("a long list", () => {
  test.each([
    ["of addresses", listOf(hosts(170).map((host) => `host ${host}`)), `host 10.0.0.49`, `host 10.0.0.50`],
    ["whose qualifiers stand once", `src host ${listOf(hosts(170))}`, "src host 10.0.0.49", "src host 10.0.0.50"],
    [
      "with || for or",
      listOf(
        hosts(170).map((host) => `dst net ${host}/32`),
        "||",
      ),
      "10.0.0.49/32",
      "10.0.0.50/32",
    ],
    ["of ports", `tcp port ${listOf(hosts(170).map((_, index) => `${index}`))}`, "tcp port 49", "tcp port 50"],
    [
      "of IPv6 networks",
      listOf(hosts(170).map((_, index) => `net fd00:${index}::/64`)),
      "fd00:49::/64",
      "fd00:50::/64",
    ],
  ])("%s is taken apart", (_, text, endOfFirst, startOfSecond) => {
    const parts = partsOfLongList(text) ?? [];
    expect(parts).toHaveLength(4);
    expect(parts[0]?.endsWith(endOfFirst)).toBe(true);
    expect(parts[1]).toContain(startOfSecond);
    expect(parts.join(" or ").match(/ or /g)).toHaveLength(169);
  });

  test("at the end of a conjunction is taken apart with what stands before it", () => {
    const parts = partsOfLongList(`vlan and not udp and (port ${listOf(hosts(151).map((_, index) => `${index}`))})`);
    expect(parts?.map((part) => part.slice(0, 30))).toEqual([
      "vlan and not udp and (port 0 o",
      "vlan and not udp and (port 50 ",
      "vlan and not udp and (port 100",
      "vlan and not udp and (port 150",
    ]);
  });

  const long = listOf(hosts(170).map((host) => `host ${host}`));
  test.each([
    ["that is short", listOf(hosts(149))],
    ["with another condition in it", `${long} and tcp`],
    ["with a name in it", `${long} or host example.org`],
    ["after a word that changes what follows", `${long} or vlan 5`],
    ["with a part in parentheses", `(${long}) and tcp`],
    ["that is negated", `not (${long})`],
    ["behind an alternative", `tcp or (${long})`],
    ["of two sides", listOf(hosts(170).map((host) => `src or dst host ${host}`))],
  ])("%s is left to libpcap", (_, text) => {
    expect(partsOfLongList(text)).toBeUndefined();
  });
});

test("programs are chained where they say that a packet does not match", () => {
  const instruction = (code: number, k = 0, jt = 0, jf = 0): RawInstruction => ({ code, jt, jf, k });
  const [match, noMatch] = [instruction(0x06, 262_144), instruction(0x06, 0)];
  const test1 = instruction(0x15, 1, 0, 1);
  expect(chainPrograms([[test1, match, noMatch], [noMatch], [test1, match, noMatch]])).toEqual([
    ...[test1, match, instruction(0x05, 0)],
    instruction(0x05, 0),
    ...[test1, match, noMatch],
  ]);
});
