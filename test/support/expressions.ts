/**
 * Filter expressions for differential tests: every primitive of pcap-filter(7) that has a meaning for Ethernet or raw IP,
 * alone, negated, and nested. Addresses, ports and numbers are those of the fixtures and of the corpus, so that nearly
 * every one chooses some packets and leaves others.
 */
import { ofEthernet } from "./ethernet-expressions.ts";
import { ofTheNetworkLayer } from "./network-layer-expressions.ts";

export const ethernetExpressions: readonly string[] = [...new Set([...ofTheNetworkLayer, ...ofEthernet])];
export const rawIpExpressions: readonly string[] = [...new Set(ofTheNetworkLayer)];

/** Without a packet in the fixtures: the corpus has some, or nobody has. */
export const neverChosen: ReadonlySet<string> = new Set([
  // No frame comes from a group address.
  "ether src host 01:80:c2:00:00:00",
  // Only ARP asks for it.
  "dst host 198.51.100.7",
  ...["ip proto 47", "host ff02::2", "host 224.0.0.5", "host 127.0.0.1", "src net 224.0.0.0/4", "port 179"],
  ...["net 192.168.0.0/16 and not net 192.168.0.0/24", "ip6[7] = 255", "udp[6:2] = 0", "ip[2:2] + 14 = len"],
  ...["ip[2:2] / (ip[8] - 64) > 1", "ip[4:2] * ip[4:2] > 0x7fffffff", "(ip[8] > 64 or ip6[7] > 64) and not port 80"],
  ...["not ether host 02:00:00:00:00:01", "ether dst 33:33:00:00:00:01", "ether multicast and ip"],
  "ether proto 0x88cc",
]);
