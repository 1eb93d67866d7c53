/** The filter options, which captures and replays share. */
import type { Command } from "commander";
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { list, number, optionAdder } from "./option-adder.ts";
import { LIST, TCP_FLAGS } from "./option-values.ts";

export interface FilterFlags {
  port?: string[];
  srcPort?: string[];
  dstPort?: string[];
  tcpFlags?: string;
  proto?: string[];
  host?: string[];
  srcHost?: string[];
  dstHost?: string[];
  net?: string[];
  srcNet?: string[];
  dstNet?: string[];
  ipv4?: true;
  ipv6?: true;
  vlan?: number;
}

export const FILTERS = "Filter (kinds are ANDed, the entries of a list are ORed; @file reads a list from a file):";

export function addFilterOptions(command: Command): void {
  const add = optionAdder(command);
  add(FILTERS, "--port <list>", "source or destination port: 80,443,8000-8100", list, {
    values: LIST,
    details: `A packet matches when its source or its destination port is in the list. The filter options look behind
      VLAN tags and IPv6 extension headers, and cost the same however long their lists are.`,
  });
  add(FILTERS, "--src-port <list>", "source port", list, {
    values: LIST,
  });
  add(FILTERS, "--dst-port <list>", "destination port", list, {
    values: LIST,
  });
  add(FILTERS, "--tcp-flags <spec>", '"syn,!ack": set and clear; "syn/syn,ack": value/mask', {
    values: TCP_FLAGS,
    details: `Flags are fin, syn, rst, psh, ack, urg, ece and cwr. "syn,!ack" asks for SYN set and ACK clear, and leaves
      the others open. "syn/syn,ack" is value and mask: of SYN and ACK, exactly SYN is set. Quote it where the
      shell has a meaning for the exclamation mark.`,
  });
  add(FILTERS, "--proto <list>", "tcp, udp, icmp, icmp6, sctp or a number", list, {
    values: { ...LIST, words: ["tcp", "udp", "icmp", "icmp6", "sctp"] },
    details: `A number is that of an IP protocol, and matches any header of an IPv6 chain: 44 finds fragments.`,
  });
  add(FILTERS, "--host <list>", "source or destination address, IPv4 or IPv6", list, {
    values: LIST,
    details: "Addresses of ARP are compared too, unless -4 is given.",
  });
  add(FILTERS, "--src-host <list>", "source address", list, {
    values: LIST,
  });
  add(FILTERS, "--dst-host <list>", "destination address", list, {
    values: LIST,
  });
  add(FILTERS, "--net <list>", "source or destination network: 10.0.0.0/8,2001:db8::/32", list, {
    values: LIST,
    details: "All networks of the list are looked up at once, in a trie of longest prefixes.",
  });
  add(FILTERS, "--src-net <list>", "source network", list, {
    values: LIST,
  });
  add(FILTERS, "--dst-net <list>", "destination network", list, {
    values: LIST,
  });
  add(FILTERS, "-4, --ipv4", "IPv4 only");
  add(FILTERS, "-6, --ipv6", "IPv6 only");
  add(FILTERS, "--vlan <id>", "VLAN id of the outer tag", number, {
    details: `On an interface whose network card takes tags out of frames, auto captures at TC, where the tag is known.`,
  });
}

/**
 * Makes the filter of the library.
 *
 * @param expression the words that follow the options, which are joined with blanks as tcpdump does
 * @throws RingcapError USAGE for combinations that cannot be honoured
 */
export function toFilterOptions(
  flags: FilterFlags,
  expression: readonly string[],
): NonNullable<CaptureOptions["filter"]> {
  if (flags.ipv4 && flags.ipv6) throw usageError("-4", "excludes -6");
  return {
    port: flags.port,
    sourcePort: flags.srcPort,
    destinationPort: flags.dstPort,
    tcpFlags: flags.tcpFlags,
    protocol: flags.proto,
    host: flags.host,
    sourceHost: flags.srcHost,
    destinationHost: flags.dstHost,
    network: flags.net,
    sourceNetwork: flags.srcNet,
    destinationNetwork: flags.dstNet,
    ipVersion: flags.ipv4 ? 4 : flags.ipv6 ? 6 : undefined,
    vlan: flags.vlan,
    expression: expression.length === 0 ? undefined : expression.join(" "),
  };
}
