/** The checks of the capture program in the order of bpf/filter/filter.h. It stops at the first that fails. */
import type { FilterOptions } from "../filter/filter.ts";
import { type ListOption, type ListReader, listItems } from "../filter/lists.ts";
import { parsePorts } from "../filter/ports.ts";
import { parseProtocols } from "../filter/protocols.ts";
import { parseTcpFlags } from "../filter/tcp-flags.ts";

export interface Check {
  /** The option as the command line spells it. */
  readonly option: string;
  /** "the destination port is 80 or 443". */
  readonly condition: string;
  /** The structure in which a value is looked up where the check has a list. */
  readonly set: string | undefined;
}

/** How many items of a list are written out. */
const SHOWN_MAX = 8;

const PORTS = [
  ["sourcePort", "--src-port", "the source port"],
  ["port", "--port", "the source or destination port"],
  ["destinationPort", "--dst-port", "the destination port"],
] as const;

const ADDRESSES = [
  ["sourceHost", "--src-host", "the source address"],
  ["destinationHost", "--dst-host", "the destination address"],
  ["host", "--host", "the source or destination address"],
  ["sourceNetwork", "--src-net", "the source address"],
  ["destinationNetwork", "--dst-net", "the destination address"],
  ["network", "--net", "the source or destination address"],
] as const;

/** @throws RingcapError USAGE */
export function planChecks(filter: FilterOptions, read?: ListReader): Check[] {
  const { vlan, ipVersion, protocol, tcpFlags } = filter;
  const checks: Check[] = [];
  const add = (option: string, condition: string, set?: string) => checks.push({ option, condition, set });

  if (vlan !== undefined) add("--vlan", `the outer VLAN tag has the id ${vlan}`);
  if (ipVersion !== undefined) add(`-${ipVersion}`, `the packet is IPv${ipVersion}`);
  if (protocol !== undefined) {
    const count = parseProtocols("--proto", protocol, read).length;
    add(
      "--proto",
      `the protocol of IPv4, or a header of IPv6, is ${alternatives("--proto", protocol, read)}`,
      setOf(count, 256),
    );
  }
  if (tcpFlags !== undefined) {
    const { mask, value } = parseTcpFlags("--tcp-flags", tcpFlags);
    add("--tcp-flags", `the TCP flags & ${hexadecimal(mask)} are ${hexadecimal(value)} (${tcpFlags})`);
  }
  for (const [key, option, what] of PORTS) {
    const list = filter[key];
    if (list === undefined) continue;
    const ports = new Set(parsePorts(option, list, read).flatMap(({ first, last }) => numbersFrom(first, last)));
    add(option, `${what} is ${alternatives(option, list, read)}`, setOf(ports.size, 65_536));
  }
  for (const [key, option, what] of ADDRESSES) {
    const list = filter[key];
    if (list === undefined) continue;
    const count = listItems(option, list, read).length;
    const set = `${count} ${count === 1 ? "prefix" : "prefixes"} in a longest-prefix trie`;
    add(option, `${what} is in ${alternatives(option, list, read)}`, set);
  }
  return checks;
}

function alternatives(option: string, list: ListOption, read: ListReader | undefined): string {
  const items = listItems(option, list, read).map(({ text }) => text);
  const shown = items.slice(0, SHOWN_MAX);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} or ${rest} more`;
  const last = shown.pop();
  return shown.length === 0 ? String(last) : `${shown.join(", ")} or ${last}`;
}

function setOf(count: number, size: number): string {
  return `${count} of ${size} bits of a set`;
}

function numbersFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}
