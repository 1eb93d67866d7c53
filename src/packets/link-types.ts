/** What the packets of an interface start with. */

export interface LinkType {
  /** Number in pcap and pcapng files (draft-ietf-opsawg-pcaplinktype). */
  linkType: number;
  /** Name as tcpdump prints it. */
  name: string;
  /** What the link type is, in words: "Ethernet". */
  description: string;
  /** What precedes the network layer: the header of Ethernet, or nothing. */
  linkLayer: "ethernet" | "none";
}

export const ETHERNET: LinkType = { linkType: 1, name: "EN10MB", description: "Ethernet", linkLayer: "ethernet" };
export const RAW_IP: LinkType = { linkType: 101, name: "RAW", description: "Raw IP", linkLayer: "none" };

/**
 * Link types by hardware type (include/uapi/linux/if_arp.h). The raw IP types are those for which the kernel's
 * dev_is_mac_header_xmit() (include/linux/if_arp.h) says that TC sees no link header.
 */
const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map([
  [1, ETHERNET], // ARPHRD_ETHER
  [772, ETHERNET], // ARPHRD_LOOPBACK: an Ethernet header with zero addresses
  [512, RAW_IP], // ARPHRD_PPP
  [519, RAW_IP], // ARPHRD_RAWIP
  [768, RAW_IP], // ARPHRD_TUNNEL
  [769, RAW_IP], // ARPHRD_TUNNEL6
  [776, RAW_IP], // ARPHRD_SIT
  [778, RAW_IP], // ARPHRD_IPGRE
  [823, RAW_IP], // ARPHRD_IP6GRE
  [0xfffe, RAW_IP], // ARPHRD_NONE: tun, WireGuard
]);

/** The link type; undefined for hardware whose frames ringcap cannot read, such as Wi-Fi in monitor mode. */
export function linkTypeOf(hardwareType: number): LinkType | undefined {
  return LINK_TYPES.get(hardwareType);
}

/** All link types, each with the hardware types of its interfaces. */
export function linkTypes(): { link: LinkType; hardwareTypes: number[] }[] {
  return [...new Set(LINK_TYPES.values())].map((link) => ({
    link,
    hardwareTypes: [...LINK_TYPES].filter(([, other]) => other === link).map(([hardwareType]) => hardwareType),
  }));
}
