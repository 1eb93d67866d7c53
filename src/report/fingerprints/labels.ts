/**
 * What is known to send SYNs of a tuple. Each rule is what the program or the system is widely known to send by default; it
 * tells what a SYN looks like, and whoever forges packets may look like anything.
 */
import { MARK_MASSCAN_ID, MARK_SEQUENCE_IS_DESTINATION, MARK_ZMAP_ID } from "./marks.ts";
import type { Tuple } from "./tuple.ts";

interface Rule {
  readonly label: string;
  /** @param marks those that nearly all packets of the tuple have */
  readonly fits: (tuple: Tuple, marks: number) => boolean;
}

function has(tuple: Tuple, quirk: string): boolean {
  return tuple.quirks.includes(quirk);
}

function sends(tuple: Tuple, ttl: number, options: string): boolean {
  return tuple.initialTtl === ttl && tuple.layout.names.join() === options;
}

/** Whether the window is so many segments, as Linux chooses it. */
function isSegments({ window, layout }: Tuple, counts: readonly number[]): boolean {
  const { mss } = layout;
  return mss !== null && counts.some((count) => window === count * mss);
}

/** What the leaked source of Mirai writes into the SYNs of its floods. */
function isMiraiFlood(tuple: Tuple): boolean {
  const { mss, scale } = tuple.layout;
  return mss !== null && mss >= 1400 && mss <= 1415 && scale === 6 && !isSegments(tuple, [4, 10, 20, 44]);
}

const LINUX = "mss,sok,ts,nop,ws";
const WINDOWS = "mss,nop,ws,nop,nop,sok";
const APPLE = "mss,nop,ws,nop,nop,ts,sok,eol+1";
const FREE_BSD = "mss,nop,ws,sok,ts";
const OPEN_BSD = "mss,nop,nop,sok,nop,ws,nop,nop,ts";

/** The first that fits decides. */
const RULES: readonly Rule[] = [
  { label: "Mirai", fits: (_, marks) => (marks & MARK_SEQUENCE_IS_DESTINATION) !== 0 },
  { label: "ZMap", fits: (_, marks) => (marks & MARK_ZMAP_ID) !== 0 },
  { label: "masscan", fits: (_, marks) => (marks & MARK_MASSCAN_ID) !== 0 },
  { label: "Mirai (SYN flood)", fits: (tuple) => sends(tuple, 64, LINUX) && isMiraiFlood(tuple) },
  { label: "Linux", fits: (tuple) => sends(tuple, 64, LINUX) && isSegments(tuple, [4, 10, 20, 44]) },
  { label: "Android or Linux", fits: (tuple) => sends(tuple, 64, LINUX) && tuple.window === 65_535 },
  // Its largest window is a whole number of segments, so that it shrinks with large ones, as on the loopback interface.
  { label: "Linux", fits: (tuple) => sends(tuple, 64, LINUX) && tuple.window > 65_000 },
  { label: "macOS or iOS", fits: (tuple) => sends(tuple, 64, APPLE) && tuple.window === 65_535 },
  { label: "Windows", fits: (tuple) => sends(tuple, 128, WINDOWS) },
  { label: "Windows (before Vista)", fits: (tuple) => sends(tuple, 128, "mss,nop,nop,sok") },
  { label: "FreeBSD", fits: (tuple) => sends(tuple, 64, FREE_BSD) && tuple.window === 65_535 },
  { label: "OpenBSD", fits: (tuple) => sends(tuple, 64, OPEN_BSD) && tuple.window === 16_384 },
  {
    label: "nmap",
    fits: (tuple) =>
      sends(tuple, 64, "mss") &&
      !tuple.dontFragment &&
      tuple.layout.mss === 1460 &&
      [1024, 2048, 3072, 4096].includes(tuple.window),
  },
  {
    label: "hping3",
    fits: (tuple) =>
      sends(tuple, 64, "") && has(tuple, "ack+") && !tuple.dontFragment && [64, 512].includes(tuple.window),
  },
  {
    label: "Scapy",
    fits: (tuple) => sends(tuple, 64, "") && has(tuple, "seq-") && !tuple.dontFragment && tuple.window === 8192,
  },
];

/** @param marks those that nearly all packets of the tuple have @returns null where nothing is known */
export function labelOf(tuple: Tuple, marks: number): string | null {
  return RULES.find(({ fits }) => fits(tuple, marks))?.label ?? null;
}
