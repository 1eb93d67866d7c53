import type { FilterOptions } from "../../src/filter/filter.ts";

/**
 * The packets that a row selects are those of tcpdump and those of tshark together: tcpdump does not follow the extension
 * headers of IPv6, and tshark takes what ICMP quotes and what a tunnel carries for the packet itself.
 */
export interface FilterRow {
  readonly filter: FilterOptions;
  /** A pcap-filter expression; it is tried behind VLAN tags too unless it says "vlan" itself. */
  readonly tcpdump?: string;
  /** A display filter for IPv6. */
  readonly tshark6?: string;
}

const port6 = (test: string) => `(tcp.${test} or udp.${test} or sctp.${test}) and !udplite`;
/** IPv6 packets with a header of this number, wherever in the chain. */
const header6 = (number: number) =>
  ["ipv6", "ipv6.hopopts", "ipv6.routing", "ipv6.dstopts", "ipv6.fraghdr"]
    .map((header) => `${header}.nxt == ${number}`)
    .concat(`ah.next_header == ${number}`)
    .join(" or ");

export const filterRows: Readonly<Record<string, FilterRow>> = {
  "no filter": { filter: {}, tcpdump: "len >= 0", tshark6: "frame" },
  // TCP, UDP and SCTP ports.
  "--port 80": { filter: { port: 80 }, tcpdump: "port 80", tshark6: port6("port == 80") },
  "--port 0": { filter: { port: 0 }, tcpdump: "port 0", tshark6: port6("port == 0") },
  "--port 65535": { filter: { port: 65_535 }, tcpdump: "port 65535", tshark6: port6("port == 65535") },
  "--port 80,443,8000-8100": {
    filter: { port: "80,443,8000-8100" },
    tcpdump: "port 80 or port 443 or portrange 8000-8100",
    tshark6: port6("port in {80, 443, 8000..8100}"),
  },
  "--port 0-65535": { filter: { port: "0-65535" }, tcpdump: "portrange 0-65535", tshark6: port6("port >= 0") },
  "--src-port 80": { filter: { sourcePort: 80 }, tcpdump: "src port 80", tshark6: port6("srcport == 80") },
  "--dst-port 80": { filter: { destinationPort: 80 }, tcpdump: "dst port 80", tshark6: port6("dstport == 80") },
  "--src-port 80-443 --dst-port 80": {
    filter: { sourcePort: "80-443", destinationPort: "80" },
    tcpdump: "src portrange 80-443 and dst port 80",
    tshark6: `${port6("srcport in {80..443}")} and ${port6("dstport == 80")}`,
  },
  "--port 53 --dst-port 80": {
    filter: { port: 53, destinationPort: 80 },
    tcpdump: "port 53 and dst port 80",
    tshark6: `${port6("port == 53")} and ${port6("dstport == 80")}`,
  },
  "--port 443 --src-port 8000-65535": {
    filter: { port: 443, sourcePort: "8000-65535" },
    tcpdump: "port 443 and src portrange 8000-65535",
    tshark6: `${port6("port == 443")} and ${port6("srcport >= 8000")}`,
  },
  // TCP flags, set and clear, or value and mask.
  "--tcp-flags syn": { filter: { tcpFlags: "syn" }, tcpdump: "tcp[13] & 2 != 0", tshark6: "tcp.flags.syn == 1" },
  "--tcp-flags syn,!ack": {
    filter: { tcpFlags: "syn,!ack" },
    tcpdump: "tcp[13] & 18 = 2",
    tshark6: "tcp.flags.syn == 1 and tcp.flags.ack == 0",
  },
  "--tcp-flags syn/syn,ack": {
    filter: { tcpFlags: "syn/syn,ack" },
    tcpdump: "tcp[13] & 18 = 2",
    tshark6: "tcp.flags.syn == 1 and tcp.flags.ack == 0",
  },
  "--tcp-flags syn/all": {
    filter: { tcpFlags: "syn/all" },
    tcpdump: "tcp[13] = 2",
    tshark6: "tcp.flags & 0xff == 2",
  },
  "--tcp-flags none/all": {
    filter: { tcpFlags: "none/all" },
    tcpdump: "tcp[13] = 0",
    tshark6: "tcp.flags and !(tcp.flags & 0xff)",
  },
  "--tcp-flags all/all": {
    filter: { tcpFlags: "all/all" },
    tcpdump: "tcp[13] = 255",
    tshark6: "tcp.flags & 0xff == 0xff",
  },
  "--tcp-flags fin,psh,urg": {
    filter: { tcpFlags: "fin,psh,urg" },
    tcpdump: "tcp[13] & 41 = 41",
    tshark6: "tcp.flags.fin == 1 and tcp.flags.push == 1 and tcp.flags.urg == 1",
  },
  "--tcp-flags ece,cwr,!rst": {
    filter: { tcpFlags: "ece,cwr,!rst" },
    tcpdump: "tcp[13] & 0xc4 = 0xc0",
    tshark6: "tcp.flags & 0xc4 == 0xc0",
  },
  "--tcp-flags !syn,!ack": {
    filter: { tcpFlags: "!syn,!ack" },
    tcpdump: "tcp[13] & 18 = 0",
    tshark6: "tcp.flags.syn == 0 and tcp.flags.ack == 0",
  },
  // Protocols; of IPv6 also those of its extension headers.
  "--proto tcp": { filter: { protocol: "tcp" }, tcpdump: "ip proto 6", tshark6: header6(6) },
  "--proto udp,icmp": {
    filter: { protocol: "udp,icmp" },
    tcpdump: "ip proto 17 or ip proto 1",
    tshark6: `${header6(17)} or ${header6(1)}`,
  },
  "--proto icmp6,sctp": {
    filter: { protocol: "icmp6,sctp" },
    tcpdump: "ip proto 58 or ip proto 132",
    tshark6: `${header6(58)} or ${header6(132)}`,
  },
  "--proto 47,112,255": {
    filter: { protocol: "47,112,255" },
    tcpdump: "ip proto 47 or ip proto 112 or ip proto 255",
    tshark6: `${header6(47)} or ${header6(112)} or ${header6(255)}`,
  },
  ...Object.fromEntries(
    Object.entries({
      "hop-by-hop options": 0,
      routing: 43,
      fragment: 44,
      authentication: 51,
      "destination options": 60,
    })
      .concat([["no next header", 59]])
      .map(([name, number]): [string, FilterRow] => [
        `--proto ${number}, ${name}`,
        { filter: { protocol: number }, tcpdump: `ip proto ${number}`, tshark6: header6(number) },
      ]),
  ),
  // IP versions and VLANs.
  "-4": { filter: { ipVersion: 4 }, tcpdump: "ip" },
  "-6": { filter: { ipVersion: 6 }, tcpdump: "ip6" },
  "--vlan 5": { filter: { vlan: 5 }, tcpdump: "vlan 5" },
  "--vlan 0": { filter: { vlan: 0 }, tcpdump: "vlan 0" },
  "--vlan 100": { filter: { vlan: 100 }, tcpdump: "vlan 100" },
  "--vlan 5 -4": { filter: { vlan: 5, ipVersion: 4 }, tcpdump: "vlan 5 and (ip or (vlan and ip))" },
  "--vlan 7 --host 10.0.0.1": {
    filter: { vlan: 7, host: "10.0.0.1" },
    tcpdump: "vlan 7 and (host 10.0.0.1 or (vlan and host 10.0.0.1))",
  },
  // Addresses, those of ARP and RARP among them.
  "--host 10.0.0.1": { filter: { host: "10.0.0.1" }, tcpdump: "host 10.0.0.1" },
  "--src-host 10.0.0.1": { filter: { sourceHost: "10.0.0.1" }, tcpdump: "src host 10.0.0.1" },
  "--dst-host 10.0.0.1": { filter: { destinationHost: "10.0.0.1" }, tcpdump: "dst host 10.0.0.1" },
  "--host 10.0.0.1,2001:db8:a::1": {
    filter: { host: "10.0.0.1,2001:db8:a::1" },
    tcpdump: "host 10.0.0.1 or host 2001:db8:a::1",
  },
  "--host ::1": { filter: { host: "::1" }, tcpdump: "host ::1" },
  "--net 10.0.0.0/8": { filter: { network: "10.0.0.0/8" }, tcpdump: "net 10.0.0.0/8" },
  "--net 10.0.0.0/25": { filter: { network: "10.0.0.0/25" }, tcpdump: "net 10.0.0.0/25" },
  "--net 0.0.0.0/0": { filter: { network: "0.0.0.0/0" }, tcpdump: "net 0.0.0.0/0" },
  "--net ::/0": { filter: { network: "::/0" }, tcpdump: "net ::/0" },
  "--src-net 10.0.0.0/24": { filter: { sourceNetwork: "10.0.0.0/24" }, tcpdump: "src net 10.0.0.0/24" },
  "--dst-net 2001:db8:a::/49": {
    filter: { destinationNetwork: "2001:db8:a::/49" },
    tcpdump: "dst net 2001:db8:a::/49",
  },
  "--net 2001:db8:a::/64,2001:db8:b::/48,11.0.0.0/32": {
    filter: { network: ["2001:db8:a::/64", "2001:db8:b::/48,11.0.0.0/32"] },
    tcpdump: "net 2001:db8:a::/64 or net 2001:db8:b::/48 or net 11.0.0.0/32",
  },
  "--net with one network in another": {
    filter: { network: "10.0.0.0/8,10.0.0.0/24,10.0.0.1" },
    tcpdump: "net 10.0.0.0/8",
  },
  // Kinds together.
  "--src-net 10.0.0.0/8 --dst-host 10.0.0.128": {
    filter: { sourceNetwork: "10.0.0.0/8", destinationHost: "10.0.0.128" },
    tcpdump: "src net 10.0.0.0/8 and dst host 10.0.0.128",
  },
  "--src-host 10.0.0.1 --src-net 11.0.0.0/8": {
    filter: { sourceHost: "10.0.0.1", sourceNetwork: "11.0.0.0/8" },
    tcpdump: "src host 10.0.0.1 and src net 11.0.0.0/8",
  },
  "--host 10.0.0.1 --net 11.0.0.0/8": {
    filter: { host: "10.0.0.1", network: "11.0.0.0/8" },
    tcpdump: "host 10.0.0.1 and net 11.0.0.0/8",
  },
  "--proto udp --port 80": {
    filter: { protocol: "udp", port: 80 },
    tcpdump: "ip proto 17 and port 80",
    tshark6: "udp.port == 80",
  },
  "--proto tcp,udp --dst-port 53,80 --net 10.0.0.0/8 -4": {
    filter: { protocol: "tcp,udp", destinationPort: "53,80", network: "10.0.0.0/8", ipVersion: 4 },
    tcpdump: "ip and (tcp or udp) and (dst port 53 or dst port 80) and net 10.0.0.0/8",
  },
  "--port 80 --tcp-flags syn,!ack -6": {
    filter: { port: 80, tcpFlags: "syn,!ack", ipVersion: 6 },
    tshark6: "tcp.port == 80 and tcp.flags.syn == 1 and tcp.flags.ack == 0",
  },
  "--proto 60 --tcp-flags syn": {
    filter: { protocol: 60, tcpFlags: "syn" },
    tshark6: `(${header6(60)}) and tcp.flags.syn == 1`,
  },
};
