/** Filter expressions about IP and what it carries. */

/** Each of the words before each of the others: "src host", "dst host". */
export function crossed(befores: readonly string[], afters: readonly string[]): string[] {
  return befores.flatMap((before) => afters.map((after) => (before === "" ? after : `${before} ${after}`)));
}

const SIDES = ["", "src", "dst", "src or dst", "src and dst"];

const protocols = [
  ...["ip", "ip6"],
  ...["tcp", "udp", "sctp", "icmp", "icmp6", "igmp", "igrp", "pim", "vrrp", "carp", "ah", "esp"],
  ...crossed(["ip proto", "ip6 proto", "proto"], ["6", "17", "\\tcp", "\\udp"]),
  ...["ip proto 1", "ip proto 50", "ip proto 47", "ip proto 89", "ip proto 88", "ip proto 112", "ip proto 255"],
  ...["ip proto \\icmp", "ip proto \\igmp", "ip proto \\esp", "ip6 proto 0", "ip6 proto 44"],
  ...["ip6 proto 43", "ip6 proto 58", "proto 132", "proto \\sctp", "not tcp", "not (tcp or udp)", "ip and not tcp"],
];

const hosts = [
  ...crossed(SIDES, ["host 192.168.0.1", "host 10.0.0.1", "host fe80::1"]),
  ...crossed(["ip", "ip6 or arp", "not"], ["host 192.0.2.1"]),
  ...["ip host 192.0.2.1", "ip6 host 2001:db8::1", "src host 2001:db8::1", "dst host ff02::1", "host ff02::2"],
  ...["host 192.0.2.1 or 192.168.0.1", "src host 192.0.2.1 and dst port 80", "host 224.0.0.5"],
  ...["host 127.0.0.1", "host 255.255.255.255", "host 0.0.0.0", "dst host 198.51.100.7", "host ::", "host ::1"],
];

const networks = [
  ...crossed(SIDES, ["net 192.168.0.0/16", "net 10.0.0.0/8", "net fe80::/10"]),
  ...["net 10", "net 192.168", "net 192.168.0", "net 192.0.2.0 mask 255.255.255.0", "src net 224.0.0.0/4"],
  ...["dst net 224.0.0.0/4", "dst net ff00::/8", "net 2001:db8::/32", "net 2001:db8::/33", "net 0.0.0.0/0", "net ::/0"],
  ...["net 128.0.0.0/1", "net 192.0.2.0/25", "net 192.0.2.128/25", "ip net 172.16.0.0/12", "not net 10.0.0.0/8"],
  ...["net 192.168.0.0/16 and not net 192.168.0.0/24", "src net 10.0.0.0/8 and dst net 10.0.0.0/8"],
];

const ports = [
  ...crossed(SIDES, ["port 80", "port 53", "portrange 1024-65535"]),
  ...crossed(["tcp", "udp", "sctp"], ["port 80", "dst port 53", "src portrange 0-1023"]),
  ...["tcp dst port 80", "tcp src port 443", "udp port 5353", "port 179", "port 0", "port 65535", "port http"],
  ...["portrange 80-80", "portrange 443-80", "dst portrange 20-1023", "tcp portrange 0-65535", "not port 80"],
  ...["port 80 or 443", "port 80 or port 443 or port 8080", "tcp port 80 and not src port 80", "udp port 4789 or 6081"],
  ...["tcp port 80 and host 192.0.2.1", "tcp dst port 443 and (net 10.0.0.0/8 or ip6)", "ip6 and tcp port 80"],
];

const tcpFlags = [
  "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn",
  "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
  "tcp[tcpflags] == tcp-syn|tcp-ack",
  "tcp[tcpflags] & tcp-rst != 0",
  "tcp[tcpflags] & tcp-push != 0",
  "tcp[tcpflags] & tcp-urg != 0",
  "tcp[tcpflags] & (tcp-ece|tcp-cwr) != 0",
  "tcp[tcpflags] == 0",
  "tcp[13] = 2",
  "tcp[13] & 0x3f = 0x29",
  "tcp[0] > 4",
  "tcp[0:2] = 80 or tcp[2:2] = 80",
  "tcp[4:4] != 0",
  "tcp[12] & 0xf0 > 0x50",
  "tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
  "tcp[((tcp[12:1] & 0xf0) >> 2):2] != 0",
  "tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)",
];

const icmpTypes = [
  ...["icmp-echo", "icmp-echoreply", "icmp-unreach", "icmp-redirect", "icmp-timxceed", "icmp-sourcequench"].map(
    (type) => `icmp[icmptype] = ${type}`,
  ),
  "icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply",
  "icmp[icmpcode] = 3",
  "icmp[0] = 3 and icmp[1] = 1",
  "icmp[icmptype] = icmp-unreach and icmp[17] = 6",
  ...["icmp6-routersolicit", "icmp6-routeradvert", "icmp6-neighborsolicit", "icmp6-neighboradvert", "icmp6-echo"].map(
    (type) => `icmp6[icmp6type] = ${type}`,
  ),
  "icmp6[icmp6type] = icmp6-echoreply",
  "icmp6[icmp6code] = 0",
  "icmp6[0] >= 128",
];

const bytesOfPackets = [
  "ip[0] & 0xf != 5",
  "ip[0] & 0xf > 5",
  "ip[8] < 5",
  "ip[8] = 1",
  "ip[6:2] & 0x1fff != 0",
  "ip[6] & 0x20 != 0",
  "ip[6] & 0x40 = 0",
  "ip[2:2] > 576",
  "ip[12:4] = 0xc0000201",
  "ip[12:4] > ip[16:4]",
  "ip[16] >= 224",
  "ip[9] = 6 and ip[1] = 0",
  "ip[1] & 0xfc != 0",
  "ip6[0:4] & 0x0fffffff != 0",
  "ip6[6] = 6",
  "ip6[6] = 0 or ip6[6] = 44",
  "ip6[7] = 255",
  "ip6[4:2] > 100",
  "ip6[8:4] = 0x20010db8",
  "ip6[40] = 128",
  "udp[4:2] > 100",
  "udp[4:2] = 8",
  "udp[6:2] = 0",
  "udp[8:4] != 0",
  "sctp[0:2] > 0",
  "sctp[12] = 1",
  "igmp[0] = 0x11",
  "igmp[0] = 0x16 or igmp[0] = 0x22",
  "pim[0] & 0xf0 = 0x20",
  "vrrp[1] > 0",
  "carp[0] > 0",
];

const arithmetic = [
  "ip[2:2] + 14 = len",
  "len - ip[2:2] > 14",
  "len = 60",
  "len & 1 = 1",
  "len % 7 = 3",
  "len / 100 = 1",
  "len * len > 1000000",
  "len << 3 > 8000",
  "len >> 4 = 4",
  "len ^ 60 = 0",
  "len | 3 = 63",
  "0 - len < 4294967000",
  "(ip[0] & 0xf) * 4 + 20 < ip[2:2]",
  "ip[2:2] / (ip[8] - 64) > 1",
  "ip[2:2] % ip[8] = 0",
  "1 << ip[8] = 0",
  "ip[4:2] * ip[4:2] > 0x7fffffff",
  "ip[ip[0] & 0xf] = 0",
  "ip[(ip[0] & 0xf) << 2] != 0",
  "tcp[2:2] - tcp[0:2] > 0x80000000",
  "udp[0:2] ^ udp[2:2] = 0",
  "ip[10:2] >> 8 = ip[10]",
];

const lengths = [
  ...["less 60", "less 64", "less 0", "greater 60", "greater 1000", "greater 1514", "greater 65535", "len > 128"],
  ...["len >= 60 and len <= 64", "less 100 and tcp", "greater 100 and not ip", "len != 60", "not less 60", "len == 42"],
];

const broadcasts = [
  "ip broadcast",
  "ip multicast",
  "ip6 multicast",
  "not ip multicast and not ip broadcast",
  "ip multicast and udp",
];

const nested = [
  "",
  "not ip",
  "not not tcp",
  "! tcp && ! udp",
  "tcp || udp",
  "(tcp or udp) and (port 53 or port 80)",
  "tcp and (port 80 or (port 443 and not host 192.0.2.1))",
  "not (tcp port 80 or udp port 53 or icmp)",
  "((((tcp))))",
  "not (not (not (ip6)))",
  "ip and (tcp or udp) and not (src net 10.0.0.0/8 or dst net 10.0.0.0/8)",
  "(ip or ip6) and not (icmp or icmp6) and len > 60",
  "tcp or udp and port 53",
  "tcp and not udp or icmp",
  "(ip[8] > 64 or ip6[7] > 64) and not port 80",
  "tcp[13] & 2 != 0 and not (src port 80 or dst port 80) and len < 100",
  "(udp and udp[4:2] > 20) or (tcp and tcp[13] & 4 != 0) or icmp",
  "host 192.0.2.1 and (tcp port 80 or tcp port 443) and tcp[tcpflags] & tcp-syn != 0",
  "icmp or icmp6 or arp or (udp and (port 67 or port 68))",
  "ip proto 50 or ip proto 51 or udp port 500 or udp port 4500",
];

/** Loops over the headers of a packet. */
const chains = [
  ...["ip6 protochain 6", "ip6 protochain \\udp", "ip6 protochain 58", "ip6 protochain 59", "ip6 protochain 44"],
  ...[
    "ip protochain 6",
    "ip protochain \\icmp",
    "ip protochain 50",
    "protochain 6",
    "protochain \\udp",
    "protochain 51",
  ],
  ...[
    "not protochain 6",
    "ip6 protochain 6 and not tcp",
    "protochain 17 or protochain 132",
    "protochain 17 and port 53",
  ],
  ...[
    "ip6 protochain 0 or ip6 protochain 43 or ip6 protochain 60",
    "protochain 58 and len > 80",
    "ip6 and protochain 51",
  ],
];

/** Have a meaning, and choose the same packets, with an Ethernet header and without. */
export const ofTheNetworkLayer: readonly string[] = [
  ...protocols,
  ...hosts,
  ...networks,
  ...ports,
  ...tcpFlags,
  ...icmpTypes,
  ...bytesOfPackets,
  ...arithmetic,
  ...lengths,
  ...broadcasts,
  ...nested,
  ...chains,
  "ip6 and geneve",
  "geneve",
  "geneve 1",
  "geneve and ip",
  "geneve and tcp",
];
