/** Which kinds of packets can pass a filter, and its expression. */
import { expect, test } from "vitest";
import { decode } from "../../../../src/filter/classic/decode.ts";
import { compileFilter, type FilterOptions } from "../../../../src/filter/filter.ts";
import { PACKET_KINDS } from "../../../../src/filter/passable/packet-kinds.ts";
import { kindsThatPass } from "../../../../src/filter/passable/passable-kinds.ts";
import { assembleClassic } from "../../../support/classic-assembler.ts";

/** What the packets that pass may be counted as. */
function countsOf(options: FilterOptions, program?: string): string[] {
  const decoded = program === undefined ? undefined : decode(assembleClassic(program));
  const kinds = kindsThatPass(compileFilter(options), decoded);
  return [...new Set(kinds.flatMap(({ countsAs }) => countsAs))].toSorted();
}

const FLAGS = ["ack", "fin", "otherTcp", "rst", "syn", "synAck"];
const VERSIONS = ["ipv4", "ipv6"];

test.each<[FilterOptions, string[]]>([
  [{}, [...FLAGS, ...VERSIONS, "fragments", "icmp", "otherProtocol", "tcp", "udp"]],
  [{ tcpFlags: "syn,!ack" }, [...VERSIONS, "syn", "tcp"]],
  [{ tcpFlags: "syn" }, [...VERSIONS, "syn", "synAck", "tcp"]],
  [{ tcpFlags: "rst", ipVersion: 6 }, ["ipv6", "rst", "syn", "synAck", "tcp"]],
  [{ protocol: "tcp" }, [...FLAGS, ...VERSIONS, "fragments", "tcp"]],
  [{ protocol: "udp", port: 53 }, [...VERSIONS, "udp"]],
  [{ protocol: "47" }, [...VERSIONS, "fragments", "otherProtocol"]],
  // Anything may follow a header of options.
  [{ protocol: "0" }, [...FLAGS, ...VERSIONS, "fragments", "icmp", "otherProtocol", "tcp", "udp"]],
  [{ port: 443 }, [...FLAGS, ...VERSIONS, "otherProtocol", "tcp", "udp"]],
  [{ host: "2001:db8::1", protocol: "icmp6" }, ["fragments", "icmp", "ipv6"]],
  // ARP has addresses, too.
  [{ host: "192.0.2.1" }, [...FLAGS, "fragments", "icmp", "ipv4", "otherProtocol", "tcp", "udp"]],
])("%j lets pass what counts as %j", (options, counts) => {
  expect(countsOf(options)).toEqual(counts.toSorted());
});

/** As libpcap compiles "udp". */
const UDP = `
ldh [12]
jeq #0x86dd, six, other
six: ldb [20]
jeq #17, yes, fragment
fragment: jeq #44, behind, no
behind: ldb [54]
jeq #17, yes, no
other: jeq #0x800, four, no
four: ldb [23]
jeq #17, yes, no
yes: ret #262144
no: ret #0`;

/** As libpcap compiles "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn". */
const SYN = `
ldh [12]
jeq #0x800, four, no
four: ldb [23]
jeq #6, tcp, no
tcp: ldh [20]
jset #0x1fff, no, first
first: ldxb 4*([14]&0xf)
ldb [x + 27]
and #18
jeq #2, yes, no
yes: ret #262144
no: ret #0`;

test.each<[string, FilterOptions, string, string[]]>([
  ["udp", {}, UDP, [...VERSIONS, "fragments", "otherProtocol", "udp"]],
  ["udp", { protocol: "tcp" }, UDP, []],
  // Whether a fragment is a later one, and a protocol another one, is not known.
  ["syn", {}, SYN, ["ipv4", "syn", "tcp", "otherProtocol", "fragments"]],
  ["syn", { port: 443 }, SYN, ["ipv4", "syn", "tcp"]],
  ["what is not known", {}, "ld [100]\nret a", ["everything"]],
  ["nothing", {}, "ret #0", []],
])("the expression %s with %j", (_, options, program, counts) => {
  const all = [...new Set(PACKET_KINDS.flatMap(({ countsAs }) => countsAs))];
  const expected = counts[0] === "everything" ? all : counts;
  expect(countsOf(options, program)).toEqual(expected.toSorted());
});
