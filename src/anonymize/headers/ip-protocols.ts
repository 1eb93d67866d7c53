/** Numbers of IP protocols (IANA). */
export const PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  authentication: 51,
  icmp6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  sctp: 132,
  udpLite: 136,
  ethernet: 143,
} as const;

/** An address of an IPv4 header as a number, before it was replaced and afterwards. */
interface Mapped {
  readonly before: number;
  readonly after: number;
}

export interface ToldAddresses {
  readonly source: Mapped;
  readonly destination: Mapped;
}

/** What an IP header says of what it carries. */
export interface Carried {
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Where it begins, and where its captured bytes end. */
  readonly at: number;
  readonly end: number;
  /** Bytes of it on the wire, as the header states; 0 where it states none. */
  readonly length: number;
  readonly isFragment: boolean;
  /** Whether it is another part than the first, which has no header. */
  readonly isLaterFragment: boolean;
  /** The sums of the two addresses of the pseudo header before they were replaced, and afterwards. */
  readonly before: number;
  readonly after: number;
  /** The addresses of an IPv4 header, which other numbers may be made of. */
  readonly told?: ToldAddresses;
  /** How many packets are around the packet. */
  readonly depth: number;
}

/** The sums of the addresses of the pseudo header, before and after they are replaced. */
export interface PseudoAddresses {
  sourceBefore: number;
  sourceAfter: number;
  destinationBefore: number;
  destinationAfter: number;
}

/** The most packets within packets that are gone into. A hostile packet could hold thousands. */
export const MOST_DEPTH = 8;
