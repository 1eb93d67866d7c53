/** The decoders of npm's `cap`. */
import { ARP } from "./arp.ts";
import { Ethernet } from "./ethernet.ts";
import { ICMPV4 } from "./icmpv4.ts";
import { IPV4 } from "./ipv4.ts";
import { IPV6 } from "./ipv6.ts";
import { PROTOCOL } from "./protocol.ts";
import { SCTP } from "./sctp.ts";
import { TCP } from "./tcp.ts";
import { UDP } from "./udp.ts";

export type { ArpResult } from "./arp.ts";
export type { EthernetResult } from "./ethernet.ts";
export type { IcmpInfo, Icmpv4Result } from "./icmpv4.ts";
export type { Ipv4Result } from "./ipv4.ts";
export type { Ipv6Result } from "./ipv6.ts";
export type { SctpResult } from "./sctp.ts";
export type { TcpResult } from "./tcp.ts";
export type { UdpResult } from "./udp.ts";

/**
 * Each decoder reads one header out of a buffer, and says where the next one starts. The results are those of npm's
 * `cap`, field by field, also where they are odd (docs/cap.md). PROTOCOL has the names of protocols and their numbers.
 */
export const decoders = { Ethernet, IPV4, IPV6, ICMPV4, TCP, UDP, SCTP, ARP, PROTOCOL };
