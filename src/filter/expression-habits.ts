/** Words that other filters have for what pcap-filter(7) says differently. */

const INSTEAD: Readonly<Record<string, string>> = {
  http: "tcp port 80",
  https: "tcp port 443",
  tls: "tcp port 443",
  ssl: "tcp port 443",
  quic: "udp port 443",
  dns: "port 53",
  mdns: "udp port 5353",
  ssh: "tcp port 22",
  smtp: "tcp port 25",
  ntp: "udp port 123",
  syslog: "udp port 514",
  dhcp: "udp port 67 or udp port 68",
  ipv4: "ip",
  ipv6: "ip6",
  icmpv6: "icmp6",
};

/** A field of Wireshark's display filters: ip.addr, tcp.flags.syn, dns.qry.name. */
const FIELD = /^[a-z]\w*(\.[a-z_]\w*)+$/i;

/** What to type instead of the piece with which the parser could not go on; undefined when it is no known habit. */
export function hintAgainstHabit(piece: string): string | undefined {
  const word = piece.toLowerCase();
  if (Object.hasOwn(INSTEAD, word)) return `type ${INSTEAD[word]}`;
  if (FIELD.test(word)) return "fields are of Wireshark's display filters: type host 192.0.2.1, or tcp port 80";
  return word === "==" ? "port, host and net take no sign before what they name: type port 80" : undefined;
}
