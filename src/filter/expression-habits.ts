/** Words of other filter languages for what pcap-filter(7) says differently. */
import { isIP } from "node:net";
import { nearest } from "../options/index.ts";

const SAME_IN_PCAP_FILTER: Readonly<Record<string, string>> = {
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
  syn: "'tcp[tcpflags] & tcp-syn != 0'",
  fin: "'tcp[tcpflags] & tcp-fin != 0'",
  rst: "'tcp[tcpflags] & tcp-rst != 0'",
};

/** Words of pcap-filter(7) that may have been meant. */
const WORDS =
  `port portrange host net src dst tcp udp ip ip6 icmp icmp6 arp sctp vlan ether and or not gateway proto less greater
  broadcast multicast`.split(/\s+/);

/** The first habit that fits a piece with which the parser cannot go on. */
const HABIT_HINTS: readonly (readonly [piece: RegExp, hint: (piece: string) => string | undefined])[] = [
  [/^(tcp|udp|ip6?|icmp6?|arp|ether|vlan|src|dst|host|net|port|portrange|and|or|not)$/i, inSmallLetters],
  [/^==$/, () => "port, host and net take no sign before what they name: type port 80"],
  [/^\d+$/, (port) => `a number follows what it is: type port ${port}`],
  [/^\d+(,\d+)+$/, (ports) => `type port ${ports.replaceAll(",", " or port ")}`],
  [/^\d+-\d+$/, (ports) => `type portrange ${ports}`],
  [/^[\d.]+\/\d+$|^[\da-f:]+:[\da-f:]*\/\d+$/i, (network) => `type net ${network}`],
  [/^([\da-f]{1,2}:){5}[\da-f]{1,2}$/i, (address) => `type ether host ${address}`],
  [
    /\.(pcap|pcapng|cap)(\.gz)?$/i,
    () => "an expression stands there: -r reads one capture file, and ringcap report several",
  ],
  [
    /^(eth|frame|vlan|wlan|arp|ipv?6?|icmp|icmpv6|tcp|udp|sctp|dns|http2?|tls|ssl|quic|dhcp|ntp|sip|rtp|smb2?)\.[a-z_]/i,
    () => "fields are of Wireshark's display filters: type host 192.0.2.1, or tcp port 80",
  ],
  [/^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z]{2,}$/i, (name) => `type host ${name}`],
];

/** What to type, where libpcap complains of a habit; undefined where no habit is known. */
export function hintAgainstHabit(piece: string, complaint: string): string | undefined {
  if (/unknown port '\d+-\d+'/.test(complaint)) return `type portrange ${piece}`;
  if (!complaint.includes("syntax error")) return undefined;
  const word = piece.toLowerCase();
  if (Object.hasOwn(SAME_IN_PCAP_FILTER, word)) return `type ${SAME_IN_PCAP_FILTER[word]}`;
  if (isIP(piece) !== 0) return `type host ${piece}`;
  return HABIT_HINTS.find(([habit]) => habit.test(piece))?.[1](piece) ?? misspelt(piece);
}

function misspelt(piece: string): string | undefined {
  const near = WORDS.includes(piece) ? undefined : nearest(piece, WORDS);
  return near === undefined ? undefined : `type ${near}`;
}

function inSmallLetters(word: string): string | undefined {
  return word === word.toLowerCase() ? undefined : `type ${word.toLowerCase()}`;
}
