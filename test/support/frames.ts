/**
 * Frames for tests, written from the RFCs and independent of src. The builders nest:
 *
 *     ethernet({ vlans: [{ id: 5 }], payload: ipv4({ payload: tcp({ destinationPort: 80, flags: ["syn"] }) }) })
 *
 * Lengths and checksums are right unless an option says otherwise. ipv4() and ipv6() are whole packets, as a link of type
 * RAW carries them.
 */
export { receiver, sender } from "./frames/addresses.ts";
export { type ArpOptions, arp } from "./frames/arp.ts";
export { type Bytes, concatenate, u16, u32, zeros } from "./frames/bytes.ts";
export {
  type EthernetOptions,
  ethernet,
  etherTypes,
  type LlcOptions,
  llc,
  type VlanTag,
} from "./frames/ethernet.ts";
export { type IcmpOptions, icmp, icmp6 } from "./frames/icmp.ts";
export { type Ipv4Options, ipv4 } from "./frames/ipv4.ts";
export {
  authentication,
  destinationOptions,
  type ExtensionHeader,
  type FragmentOptions,
  fragment,
  hopByHop,
  type Ipv6Options,
  ipv6,
  routing,
} from "./frames/ipv6.ts";
export { type SctpOptions, sctp, sctpChunk, sctpInit } from "./frames/sctp.ts";
export { part, protocols, raw, type Segment } from "./frames/segment.ts";
export { type TcpFlag, type TcpOptions, tcp, tcpOption } from "./frames/tcp.ts";
export { type UdpOptions, udp } from "./frames/udp.ts";
