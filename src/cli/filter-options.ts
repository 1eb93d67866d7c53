/** The filter options, which captures and replays share. */
import type { Command } from "commander";
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { list, number, optionAdder } from "./option-adder.ts";

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
  add(FILTERS, "--port <list>", "source or destination port: 80,443,8000-8100", list);
  add(FILTERS, "--src-port <list>", "source port", list);
  add(FILTERS, "--dst-port <list>", "destination port", list);
  add(FILTERS, "--tcp-flags <spec>", '"syn,!ack": set and clear; "syn/syn,ack": value/mask');
  add(FILTERS, "--proto <list>", "tcp, udp, icmp, icmp6, sctp or a number", list);
  add(FILTERS, "--host <list>", "source or destination address, IPv4 or IPv6", list);
  add(FILTERS, "--src-host <list>", "source address", list);
  add(FILTERS, "--dst-host <list>", "destination address", list);
  add(FILTERS, "--net <list>", "source or destination network: 10.0.0.0/8,2001:db8::/32", list);
  add(FILTERS, "--src-net <list>", "source network", list);
  add(FILTERS, "--dst-net <list>", "destination network", list);
  add(FILTERS, "-4, --ipv4", "IPv4 only");
  add(FILTERS, "-6, --ipv6", "IPv6 only");
  add(FILTERS, "--vlan <id>", "VLAN id of the outer tag", number);
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
