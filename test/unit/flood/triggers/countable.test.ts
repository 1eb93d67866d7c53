import { expect, test } from "vitest";
import { compileFilter, type FilterOptions } from "../../../../src/filter/filter.ts";
import { kindsThatPass } from "../../../../src/filter/passable/passable-kinds.ts";
import { uncountable } from "../../../../src/flood/triggers/countable.ts";
import { parseTrigger } from "../../../../src/flood/triggers/parse-trigger.ts";

test.each<[string, FilterOptions, string | undefined]>([
  ["udp > 5/s", { tcpFlags: "syn" }, "udp"],
  ["udp > 5/s", { protocol: "tcp" }, "udp"],
  ["udp 8x", { protocol: "tcp" }, "udp"],
  ["syn/synack > 5", { tcpFlags: "syn,!ack" }, "synack"],
  ["syn/synack > 5", { tcpFlags: "syn" }, undefined],
  ["5/s per dst-port", { protocol: "icmp" }, "dst-port"],
  ["5/s per dst+port", { protocol: "icmp" }, "dst+port"],
  ["5/s per src", { protocol: "icmp" }, undefined],
  ["syn > 5/s per dst", { protocol: "udp" }, "syn"],
  ["bytes > 5/s", { protocol: "icmp" }, undefined],
  ["ring-drops > 0/s", { protocol: "icmp" }, undefined],
  ["cookies > 0/s", { protocol: "icmp" }, undefined],
  ["ipv6 > 5/s", { ipVersion: 4 }, "ipv6"],
  ["fragments > 5/s", { port: 53 }, "fragments"],
])("%s where %j pass: %j is never counted", (rule, options, missing) => {
  expect(uncountable(parseTrigger(rule), kindsThatPass(compileFilter(options), undefined))).toBe(missing);
});
