/** What a session says of itself. */
import type { Hook } from "./hooks.ts";
import type { LinkType } from "./link-types.ts";
import type { Direction } from "./options.ts";

/** Packets. When the session is over, matched = sampledOut + rateLimited + ringDropped + overLimit + delivered. */
export interface CaptureCounters {
  /** Met the program. */
  seen: number;
  /** Passed the filter. */
  matched: number;
  sampledOut: number;
  rateLimited: number;
  /** Matched, but the ring had no room, or the kernel did not give the bytes. */
  ringDropped: number;
  /** Matched after the wanted count was reached, or left behind by a reader that went away. */
  overLimit: number;
  /** Handed to whoever iterates over the session. */
  delivered: number;
}

export interface CapturedInterface {
  name: string;
  index: number;
  hook: Hook;
  direction: Direction;
  link: LinkType;
}

/** Said at the end where the watchdog could not renew the lease by which matching packets are dropped. */
export const DROPPING_LAPSED =
  "the process stood still for more than 3 s: for that time packets that matched were captured and not dropped";
