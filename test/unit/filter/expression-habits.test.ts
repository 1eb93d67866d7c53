import { expect, test } from "vitest";
import { hintAgainstHabit } from "../../../src/filter/expression-habits.ts";

const SYNTAX = "can't parse filter expression: syntax error";

test.each([
  ["http", "type tcp port 80"],
  ["IPv6", "type ip6"],
  ["SYN", "type 'tcp[tcpflags] & tcp-syn != 0'"],
  ["TCP", "type tcp"],
  ["ip.addr", "fields are of Wireshark's display filters: type host 192.0.2.1, or tcp port 80"],
  ["tcp.flags.syn", "fields are of Wireshark's display filters: type host 192.0.2.1, or tcp port 80"],
  ["==", "port, host and net take no sign before what they name: type port 80"],
  ["443", "a number follows what it is: type port 443"],
  ["80,443", "type port 80 or port 443"],
  ["80-90", "type portrange 80-90"],
  ["10.0.0.1", "type host 10.0.0.1"],
  ["2001:db8::1", "type host 2001:db8::1"],
  ["10.0.0.0/8", "type net 10.0.0.0/8"],
  ["2001:db8::/32", "type net 2001:db8::/32"],
  ["02:00:00:00:00:01", "type ether host 02:00:00:00:00:01"],
  ["www.example.com", "type host www.example.com"],
  ["prt", "type port"],
  ["prot", "type port"],
  ["multicats", "type multicast"],
  ["second.pcap", "an expression stands there: -r reads one capture file, and ringcap report several"],
])("%s", (piece, hint) => {
  expect(hintAgainstHabit(piece, SYNTAX)).toBe(hint);
});

test("a range of ports, of which libpcap says that it is unknown", () => {
  expect(hintAgainstHabit("80-90", "unknown port '80-90'")).toBe("type portrange 80-90");
});

test.each(["", "tcp", "and", "not", "or", "foo", "constructor", "a/b", "("])("%j is no known habit", (piece) => {
  expect(hintAgainstHabit(piece, SYNTAX)).toBeUndefined();
});

test("a name that cannot be looked up is no habit", () => {
  expect(hintAgainstHabit("www.example.com", "unknown host 'www.example.com'")).toBeUndefined();
});
