/** Filters, and the same questions to tcpdump (pcap-filter) and to tshark (display filter). */
import type { FilterOptions } from "../../src/filter/filter.ts";

export interface FilterQuestion {
  readonly filter: FilterOptions;
  /** For a packet without VLAN tags; see acrossTags(). */
  readonly tcpdump: string;
  /** Asked about the packets for which ringcap and tcpdump answer differently on purpose. */
  readonly tshark: string;
}

/** Up to two tags, as ringcap looks behind them. `vlan` moves what follows it inside its parentheses. */
export function acrossTags(expression: string): string {
  return `(${expression}) or (vlan and ((${expression}) or (vlan and (${expression}))))`;
}

/** The protocol of an IPv4 packet, or any number in the chain of an IPv6 packet. */
function inChain(protocol: number): string {
  const links = [
    "ip.proto",
    "ipv6.nxt",
    "ipv6.hopopts.nxt",
    "ipv6.dstopts.nxt",
    "ipv6.routing.nxt",
    "ipv6.fraghdr.nxt",
  ];
  return [...links, "ah.next_header"].map((field) => `${field} == ${protocol}`).join(" || ");
}

function ports(test: string, side = "port"): string {
  return ["tcp", "udp", "sctp"].map((protocol) => `${protocol}.${side} ${test}`).join(" || ");
}

/** pcap-filter's tcp[] reads IPv4 only; behind a bare IPv6 header the flags are byte 13 of TCP all the same. */
const flags = (value: number, mask: number) =>
  `(tcp[13] & ${mask} = ${value}) or (ip6[6] = 6 and ip6[53] & ${mask} = ${value})`;

export const filterQuestions: readonly FilterQuestion[] = [
  { filter: { port: "80" }, tcpdump: "port 80", tshark: ports("== 80") },
  { filter: { port: "53" }, tcpdump: "port 53", tshark: ports("== 53") },
  { filter: { port: "0-1023" }, tcpdump: "portrange 0-1023", tshark: ports("<= 1023") },
  { filter: { port: "0-65535" }, tcpdump: "portrange 0-65535", tshark: ports(">= 0") },
  { filter: { sourcePort: "53" }, tcpdump: "src port 53", tshark: ports("== 53", "srcport") },
  {
    filter: { destinationPort: "80,443" },
    tcpdump: "dst port 80 or dst port 443",
    tshark: ports("in {80, 443}", "dstport"),
  },
  {
    filter: { sourcePort: "1024-65535", destinationPort: "0-1023" },
    tcpdump: "src portrange 1024-65535 and dst portrange 0-1023",
    tshark: `(${ports(">= 1024", "srcport")}) && (${ports("<= 1023", "dstport")})`,
  },
  { filter: { port: "179" }, tcpdump: "port 179", tshark: ports("== 179") },
  { filter: { tcpFlags: "syn,!ack" }, tcpdump: flags(2, 18), tshark: "tcp.flags.syn == 1 && tcp.flags.ack == 0" },
  { filter: { tcpFlags: "syn,ack" }, tcpdump: flags(18, 18), tshark: "tcp.flags.syn == 1 && tcp.flags.ack == 1" },
  { filter: { tcpFlags: "rst" }, tcpdump: flags(4, 4), tshark: "tcp.flags.reset == 1" },
  { filter: { tcpFlags: "none/all" }, tcpdump: flags(0, 255), tshark: "tcp.flags & 0xff == 0" },
  { filter: { tcpFlags: "fin,psh,urg/all" }, tcpdump: flags(41, 255), tshark: "tcp.flags & 0xff == 0x29" },
  { filter: { tcpFlags: "ece,cwr" }, tcpdump: flags(192, 192), tshark: "tcp.flags & 0xc0 == 0xc0" },
  { filter: { protocol: "tcp" }, tcpdump: "tcp", tshark: inChain(6) },
  { filter: { protocol: "udp" }, tcpdump: "udp", tshark: inChain(17) },
  { filter: { protocol: "icmp" }, tcpdump: "icmp or ip6 proto 1", tshark: inChain(1) },
  { filter: { protocol: "icmp6" }, tcpdump: "icmp6 or ip proto 58", tshark: inChain(58) },
  { filter: { protocol: "sctp" }, tcpdump: "sctp", tshark: inChain(132) },
  { filter: { protocol: "89,47" }, tcpdump: "proto 89 or proto 47", tshark: `${inChain(89)} || ${inChain(47)}` },
  { filter: { protocol: "44" }, tcpdump: "proto 44", tshark: `${inChain(44)} || ipv6.fraghdr` },
  { filter: { protocol: "tcp,udp" }, tcpdump: "tcp or udp", tshark: `${inChain(6)} || ${inChain(17)}` },
  { filter: { host: "192.168.1.1" }, tcpdump: "host 192.168.1.1", tshark: "ip.addr == 192.168.1.1" },
  {
    filter: { sourceHost: "192.0.2.1,2001:db8::1" },
    tcpdump: "src host 192.0.2.1 or src host 2001:db8::1",
    tshark: "ip.src == 192.0.2.1 || ipv6.src == 2001:db8::1",
  },
  { filter: { network: "10.0.0.0/8" }, tcpdump: "net 10.0.0.0/8", tshark: "ip.addr == 10.0.0.0/8" },
  {
    filter: { network: "192.168.0.0/16,fe80::/10" },
    tcpdump: "net 192.168.0.0/16 or net fe80::/10",
    tshark: "ip.addr == 192.168.0.0/16 || ipv6.addr == fe80::/10",
  },
  { filter: { sourceNetwork: "0.0.0.0/0" }, tcpdump: "src net 0.0.0.0/0", tshark: "ip" },
  { filter: { sourceNetwork: "128.0.0.0/1" }, tcpdump: "src net 128.0.0.0/1", tshark: "ip.src == 128.0.0.0/1" },
  { filter: { sourceNetwork: "2001:db8::/33" }, tcpdump: "src net 2001:db8::/33", tshark: "ipv6.src == 2001:db8::/33" },
  {
    filter: { destinationNetwork: "224.0.0.0/4,ff00::/8" },
    tcpdump: "dst net 224.0.0.0/4 or dst net ff00::/8",
    tshark: "ip.dst == 224.0.0.0/4 || ipv6.dst == ff00::/8",
  },
  {
    filter: { sourceNetwork: "10.0.0.0/8", destinationNetwork: "10.0.0.0/8" },
    tcpdump: "src net 10.0.0.0/8 and dst net 10.0.0.0/8",
    tshark: "ip.src == 10.0.0.0/8 && ip.dst == 10.0.0.0/8",
  },
  { filter: { ipVersion: 4 }, tcpdump: "ip", tshark: "ip" },
  { filter: { ipVersion: 6 }, tcpdump: "ip6", tshark: "ipv6" },
  {
    filter: { ipVersion: 4, protocol: "tcp", port: "80" },
    tcpdump: "ip and tcp port 80",
    tshark: "ip && tcp.port == 80",
  },
  {
    filter: { ipVersion: 6, protocol: "udp", port: "0-65535" },
    tcpdump: "ip6 and udp portrange 0-65535",
    tshark: "ipv6 && udp.port",
  },
  {
    filter: { network: "10.0.0.0/8", protocol: "tcp", tcpFlags: "syn" },
    tcpdump: `net 10.0.0.0/8 and tcp and (${flags(2, 2)})`,
    tshark: "ip.addr == 10.0.0.0/8 && tcp.flags.syn == 1",
  },
];
