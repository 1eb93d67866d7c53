/** What the kernel counts of all packets that match, whatever of them is recorded. */

/** By what packets are counted: "src-net" is the source's /24 of IPv4 or /48 of IPv6, "dst+port" a destination and its port. */
export const TRAFFIC_KEYS = ["src", "src-net", "dst", "dst-port", "dst+port"] as const;
/** By what packets are counted. */
export type TrafficKey = (typeof TRAFFIC_KEYS)[number];

/**
 * Numbers of `packets` of each kind (`ipv4`, `ipv6`; `tcp`, `udp` and so on), and the `bytes` of all as they were on the
 * wire.
 */
export interface TrafficTotals {
  packets: number;
  bytes: number;
  ipv4: number;
  ipv6: number;
  tcp: number;
  udp: number;
  /** ICMP and ICMPv6. */
  icmp: number;
  /** Packets of any other protocol, and those that are no IP. */
  otherProtocol: number;
  /** TCP with SYN and without ACK. */
  syn: number;
  /** TCP with SYN and ACK. */
  synAck: number;
  /** TCP with RST and without SYN. */
  rst: number;
  /** TCP with FIN and without RST and SYN. */
  fin: number;
  /** TCP with ACK and without SYN, RST and FIN. */
  ack: number;
  /** TCP with none of these flags. */
  otherTcp: number;
  /** Fragments of IP behind the first, which have no header of a transport protocol. */
  fragments: number;
}

/** One key and its packets, in a window. */
export interface TrafficEntry {
  /** The key in text, such as "192.0.2.0/24", "2001:db8::1", "443" or "[2001:db8::1]:443". */
  readonly key: string;
  /**
   * Packets that were of the key: never more than the true number, which is at most `packets + error`. Where the table is
   * sampled, both are estimates.
   */
  readonly packets: number;
  /** The bytes of these packets. */
  readonly bytes: number;
  /** Those of them that are TCP with SYN and without ACK. */
  readonly syns: number;
  /** Packets by which `packets` may be too small, because the key got its place in the table later. */
  readonly error: number;
  /** The standard error of `packets` by sampling, in packets; 0 where every packet was counted. */
  readonly standardError: number;
}

/** An estimate is off by more than so many standard errors once in 16,000 times. */
const LIKELY_STANDARD_ERRORS = 4;

/** @param oneIn one packet in so many was counted @returns at most the standard error of an estimated number of packets */
export function standardErrorOf(packets: number, oneIn: number): number {
  return Math.sqrt(packets * (oneIn - 1));
}

/** How many packets there may really be where an estimate has so many. @param standardError of the estimate */
export function likelyMost(packets: number, standardError: number): number {
  return Math.ceil(packets + LIKELY_STANDARD_ERRORS * standardError);
}

/** How many packets there really are at least where an estimate has so many. @param standardError of the estimate */
export function likelyLeast(packets: number, standardError: number): number {
  return Math.max(0, packets - LIKELY_STANDARD_ERRORS * standardError);
}

/** The heaviest keys of a window. */
export interface TrafficTable {
  /** In descending order of packets. */
  readonly entries: readonly TrafficEntry[];
  /** Packets that are counted for no key, because their keys had no place in the table, or gave it to others later. */
  readonly evicted: number;
  /** A key that is not among the entries had no more packets than this. In a sampled table, that is not certain but likely. */
  readonly missedAtMost: number;
  /**
   * 1: every packet was counted by its key. Otherwise one packet in so many, as so many, behind the first ones of the
   * window.
   */
  readonly oneIn: number;
}

/** What was counted between two moments. */
export interface TrafficWindow {
  /** Nanoseconds since the epoch. */
  readonly beganAt: bigint;
  /** How many seconds the window is long. */
  readonly seconds: number;
  /** The heaviest keys of each kind that is counted. */
  readonly tables: ReadonlyMap<TrafficKey, TrafficTable>;
}

/** The counts of a running capture, of all interfaces and CPUs together. */
export interface TrafficCounts {
  readonly keys: readonly TrafficKey[];
  /** Returns the numbers since the start. It reads mapped memory, and makes no system call. */
  totals(): TrafficTotals;
  /** Returns what the running window has so far. @param most entries of a table */
  window(most: number): TrafficWindow;
  /** Ends the running window and begins another one. @returns the ended window. @param most entries of a table */
  nextWindow(most: number): TrafficWindow;
}
