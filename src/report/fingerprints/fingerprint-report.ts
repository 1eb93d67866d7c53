/** What SYNs have in common: the tuples that tell one kind of sender from another. */

export interface FingerprintReport {
  /** SYNs, which are the packets that fingerprints are of. */
  readonly packets: number;
  /** How many different ones there were; `isExact` is false where more were met than are kept. */
  readonly distinct: number;
  readonly isExact: boolean;
  /** By packets, at most 10. */
  readonly entries: readonly FingerprintEntry[];
}

export interface FingerprintEntry {
  /**
   * The tuple as p0f version 3 writes it (README of p0f 3, "TCP signatures"):
   * version:ttl:ip options length:mss:window,scale:option layout:quirks:payload class.
   */
  readonly tuple: string;
  readonly packets: number;
  readonly bytes: number;
  /** Of all SYNs. */
  readonly share: number;
  readonly fields: {
    readonly ipVersion: 4 | 6;
    readonly ttl: number;
    readonly window: number;
    readonly mss: number | null;
    readonly scale: number | null;
    /** In the order of the packet, such as ["mss", "sok", "ts", "nop", "ws"]. */
    readonly options: readonly string[];
    readonly dontFragment: boolean;
    readonly quirks: readonly string[];
  };
  /** What is known to send such SYNs, such as "Linux" or "masscan"; null where nothing is. */
  readonly label: string | null;
  /** How many of its packets look legitimate: of connections that were finished, or that were tried again as real stacks do. */
  readonly legitimateShare: number;
  /** Each chooses exactly these packets. A filter that cannot say all of it is null. */
  readonly filters: {
    /** Options of ringcap, ready for a shell. */
    readonly ringcap: string;
    /** For tcpdump and for ringcap as well. */
    readonly expression: string;
    readonly displayFilter: string;
  };
}
