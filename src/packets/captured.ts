/** What a session says of itself. */
import type { LinkType } from "./link-types.ts";

/** Where a BPF program can be attached. */
export type BpfHook = "xdp-native" | "xdp-generic" | "tc";

/** "packet" is a packet socket of libpcap, which needs no BPF. */
export type Hook = BpfHook | "packet";

export type Direction = "in" | "out" | "inout";

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

/** Where packets are from: an interface, or a file. Each packet names it by its index. */
export interface PacketOrigin {
  name: string;
  index: number;
  direction: Direction;
  link: Pick<LinkType, "linkType" | "name" | "description">;
}

export interface CapturedInterface extends PacketOrigin {
  hook: Hook;
  link: LinkType;
}

/** What is known of the packets of a source before the first one comes. */
export interface SourceDescription {
  readonly origins: readonly PacketOrigin[];
  /** Bytes kept of each packet. */
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet, where that is known. */
  readonly fcsLength?: number | undefined;
}
