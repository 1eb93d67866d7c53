/** Filter expressions about the link layer, and about what IP lies in. */
import { crossed } from "./network-layer-expressions.ts";

const linkAddresses = [
  ...crossed(["ether", "ether src", "ether dst", "not ether"], ["host 02:00:00:00:00:01", "host 01:80:c2:00:00:00"]),
  ...["ether host ff:ff:ff:ff:ff:ff", "ether dst 33:33:00:00:00:01", "ether src 02:00:00:00:00:01 and tcp"],
  ...["ether broadcast", "ether multicast", "not ether multicast", "ether multicast and not ether broadcast"],
  ...["broadcast", "multicast", "ether multicast and ip", "link host 02:00:00:00:00:01"],
  ...["ether[0] & 1 = 1", "ether[0] & 2 != 0", "ether[6:4] = 0x02000000", "ether[12:2] = 0x0800", "ether[12:2] < 1501"],
  ...["ether[14] = 0x45", "ether[1500] = 7", "ether[len - 1] = 0", "byte 23 = 6", "byte 14 < 70", "byte 14 > 69"],
];

const etherTypes = [
  ...["0x0800", "0x0806", "0x86dd", "0x8100", "0x88a8", "0x88cc", "0x8847", "0x8863", "0x8864", "2048", "0x9000"].map(
    (type) => `ether proto ${type}`,
  ),
  ...[
    "ip",
    "ip6",
    "arp",
    "rarp",
    "aarp",
    "atalk",
    "decnet",
    "iso",
    "stp",
    "ipx",
    "netbeui",
    "lat",
    "moprc",
    "mopdl",
  ].map((name) => `ether proto \\${name}`),
  ...["ether proto \\sca", "ether proto \\loopback", "ether proto 0x42", "not ether proto 0x0800"],
  ...["atalk", "aarp", "decnet", "lat", "sca", "moprc", "mopdl", "iso", "stp", "ipx", "netbeui"],
  ...["decnet src 1.1", "decnet host 1.1", "decnet dst 1.2"],
];

const addressesOfArp = [
  ...crossed(["arp", "rarp"], ["host 192.0.2.1", "src host 192.168.0.1", "dst host 198.51.100.7", "net 192.0.0.0/8"]),
  ...["arp src net 192.168.0.0/16", "arp dst net 10.0.0.0/8", "arp and host 10.0.0.1", "arp or rarp", "not arp"],
  ...["arp", "rarp", "arp[6:2] = 1", "arp[6:2] = 2", "arp[7] = 1 and arp[24:4] != 0", "rarp[6:2] = 3"],
];

const iso = [
  ...["esis", "isis", "clnp", "iso proto \\esis", "iso proto \\isis", "iso proto \\clnp", "iso proto 0x83"],
  ...["l1", "l2", "iih", "lsp", "snp", "csnp", "psnp", "isis proto 18", "isis proto 20", "isis and not l1"],
];

const llc = [
  ...["llc", "llc i", "llc s", "llc u", "llc ui", "llc ua", "llc disc", "llc sabme", "llc test", "llc xid", "llc frmr"],
  ...["llc rr", "llc rnr", "llc rej", "not llc", "llc and not stp", "llc ui or llc xid"],
];

const tags = [
  ...["vlan", "vlan 5", "vlan 100", "vlan 4094", "vlan 0", "not vlan", "vlan and vlan", "vlan 100 and vlan 5"],
  ...["vlan and tcp port 80", "vlan 5 and ip", "vlan 5 and ip6 and tcp", "vlan and arp", "vlan and not ip"],
  ...["vlan and vlan and udp port 53", "vlan 5 and vlan 6 and vlan 7", "vlan and vlan and vlan and tcp"],
  ...["tcp port 80 or (vlan and tcp port 80)", "(vlan 5 or vlan 100) and ip", "vlan 5 or vlan 6", "vlan or vlan"],
  ...["vlan and ether[14:2] & 0xfff = 5", "vlan and ether host 02:00:00:00:00:01", "vlan and net 192.0.2.0/24"],
  ...["ether proto 0x8100", "ether proto 0x88a8 and ether[16:2] = 0x8100", "not (vlan and ip)", "vlan and len > 60"],
];

const labels = [
  ...["mpls", "mpls 100", "mpls and mpls", "mpls and ip", "mpls and host 192.0.2.1", "mpls 100 and mpls 200"],
  ...["mpls and tcp port 80", "not mpls", "mpls and ip6", "mpls 100 and tcp", "mpls 1000", "vlan and mpls"],
];

const pppoe = [
  ...["pppoed", "pppoes", "pppoes 7", "pppoes and ip", "pppoes and ip6", "pppoes and tcp port 80", "pppoes 7 and udp"],
  ...["pppoed or pppoes", "not pppoes", "pppoes and host 192.0.2.1", "pppoes and not ip", "vlan and pppoes"],
];

const tunnels = [
  ...[
    "geneve and arp",
    "geneve and vlan",
    "geneve and ether host 02:00:00:00:00:01",
    "geneve 5 and ip",
    "vlan and geneve",
  ],
  ...["geneve and ip6", "geneve and icmp", "geneve and tcp port 80", "geneve and geneve", "not geneve"],
];

/** Need an Ethernet header. */
export const ofEthernet: readonly string[] = [
  ...linkAddresses,
  ...etherTypes,
  ...addressesOfArp,
  ...iso,
  ...llc,
  ...tags,
  ...labels,
  ...pppoe,
  ...tunnels,
  ...["vlan and ip6 protochain 6", "vlan and protochain 17", "mpls and protochain 6", "pppoes and ip6 protochain 6"],
];
