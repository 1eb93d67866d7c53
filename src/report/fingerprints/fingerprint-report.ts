/** What SYNs have in common: the tuples that tell one kind of sender from another. */

export interface FingerprintReport {
  /** Packets of the class "syn", which are what fingerprints are of. */
  readonly packets: number;
  /**
   * SYNs without a fingerprint, because fewer than 20 bytes of the TCP header were captured, or because the lengths of IP and
   * TCP contradict each other. They are part of `packets`.
   */
  readonly unreadable: number;
  /** How many different tuples there were; where `isExact` is false, there were at least so many. */
  readonly distinct: number;
  /** Whether each entry counts all of its packets. It is false where more tuples were met than are kept at a time. */
  readonly isExact: boolean;
  /** By packets, at most 10. */
  readonly entries: readonly FingerprintEntry[];
}

export interface FingerprintEntry {
  /**
   * The tuple as p0f version 3 writes it (README of p0f 3, "TCP signatures"):
   * version:ttl:ip options length:mss:window,scale:option layout:quirks:payload class. The TTL is the initial one that
   * p0f would guess: the next of 32, 64, 128 and 255. docs/report.md says what is written beyond p0f.
   */
  readonly tuple: string;
  /** The packets that were counted. The filters choose exactly these where `error` is 0. */
  readonly packets: number;
  /** Packets by which `packets` may be too small, because the tuple got its place in the table later. */
  readonly error: number;
  readonly bytes: number;
  /** Of all SYNs. */
  readonly share: number;
  readonly fields: {
    readonly ipVersion: 4 | 6;
    /** The initial TTL or hop limit: the next of 32, 64, 128 and 255 from what was seen. */
    readonly ttl: number;
    /** What was seen of these packets. */
    readonly lowestTtl: number;
    readonly highestTtl: number;
    readonly window: number;
    readonly mss: number | null;
    readonly scale: number | null;
    /** In the order of the packet, such as ["mss", "sok", "ts", "nop", "ws"]. */
    readonly options: readonly string[];
    /** Whether the capture has only a part of the options. The list ends where they are cut. */
    readonly isCut: boolean;
    readonly dontFragment: boolean;
    readonly quirks: readonly string[];
    /** VLAN tags in front of the IP header, 0 to 2; null behind PPPoE, MPLS and other headers. */
    readonly vlanTags: number | null;
  };
  /** What is known to send such SYNs, such as "Linux" or "masscan"; null where nothing is. */
  readonly label: string | null;
  /**
   * The share of its SYNs that look legitimate, from 0 to 1: SYNs of connections that were finished (the client's ACK after
   * the SYN-ACK), or that were tried again as real stacks do (the same addresses, ports and sequence number, at least 0.8 s
   * later). It is told from a sample of connections that is drawn by their hash, and 0 where the sample has none.
   */
  readonly legitimateShare: number;
  /** The standard error of `legitimateShare`, from 0 to 1; 0 where all connections are in the sample. */
  readonly legitimateError: number;
  /** Attempts to connect (different addresses, ports and sequence numbers) that `legitimateShare` is told from. */
  readonly attempts: number;
  /**
   * Each chooses exactly these packets. Null where filters cannot say it: where the capture cut the options, and behind
   * PPPoE, MPLS and other headers than VLAN tags.
   */
  readonly filters: {
    /** Options of ringcap with an expression, ready for a shell. */
    readonly ringcap: string;
    /** For tcpdump and for ringcap as well. */
    readonly expression: string;
    /** For Wireshark. */
    readonly displayFilter: string;
  } | null;
}
