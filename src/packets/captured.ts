/** The description and the counters of a session. */
import type { LinkType } from "./link-types.ts";

/** Where a BPF program can be attached. */
export type BpfHook = "xdp-native" | "xdp-generic" | "tc";

/** "packet" is a packet socket of libpcap, which needs no BPF. */
export type Hook = BpfHook | "packet";

/** Which packets of an interface: those that come in, those that go out, or both. */
export type Direction = "in" | "out" | "inout";

/**
 * Numbers of packets. When the session is over, matched = sampledOut + rateLimited + ringDropped + overLimit +
 * delivered.
 */
export interface CaptureCounters {
  /** Packets that met the program. */
  seen: number;
  /** Packets that passed the filter. */
  matched: number;
  /** Packets that matched and that sampling left out. */
  sampledOut: number;
  /** Packets that matched and were beyond the rate limit. */
  rateLimited: number;
  /** Packets that matched, but for which the ring had no room or whose bytes the kernel did not give. */
  ringDropped: number;
  /** Packets that matched after the wanted count was reached, or that a reader left behind when it went away. */
  overLimit: number;
  /** Packets that were handed to the reader of the session. */
  delivered: number;
}

export interface InterfaceHardware {
  /** The name of the driver; empty where the kernel does not tell it. */
  driver: string;
  /** The six bytes of its address, of Ethernet. */
  mac?: Uint8Array | undefined;
  /** Bits a second; 0 where it is not told. */
  speed: number;
}

/** Where packets are from: an interface, or a file. Each packet names it by its index. */
export interface PacketOrigin {
  /** The name of the interface, or of the file. */
  name: string;
  /** The kernel's number of the interface, by which each packet names it; 0 for a file. */
  index: number;
  direction: Direction;
  /** Of an interface: where the program is attached. */
  hook?: Hook;
  /** Of an interface, as far as its driver tells. */
  hardware?: InterfaceHardware;
  link: Pick<LinkType, "linkType" | "name" | "description">;
}

/** An interface, and where the packets are taken from it. */
export interface CapturedInterface extends PacketOrigin {
  hook: Hook;
  link: LinkType;
}

/** What became of the packets of one interface so far. */
export interface InterfaceCounters {
  /** As CaptureCounters has them. */
  seen: number;
  matched: number;
  ringDropped: number;
  /** Packets that the interface dropped before the hook, where that is known. */
  interfaceDropped?: number | undefined;
}

/** What is known of the packets of a source before the first one comes. */
export interface SourceDescription {
  readonly origins: readonly PacketOrigin[];
  /** Bytes kept of each packet. */
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet, where that is known. */
  readonly fcsLength?: number | undefined;
  /** Whether batches come with the blocks of the pcapng file that they are from. */
  readonly hasFileBlocks?: boolean | undefined;
  /** Whether the packets and their blocks are to tell nothing of the hosts that they are from, nor of this one. */
  readonly isAnonymized?: boolean | undefined;
  /** What the packets were chosen by, in the words of the command line. */
  readonly filter?: string | undefined;
  /** Of each origin whose packets are counted apart, by its index. @throws RingcapError KERNEL when the kernel does not tell them */
  readonly interfaceCounters?: (() => ReadonlyMap<number, InterfaceCounters>) | undefined;
}
