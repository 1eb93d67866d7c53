/** Which files a report is of, and how much of what happened they hold. */
import type { RateMark } from "../values.ts";

export interface FileFacts {
  readonly name: string;
  readonly bytes: number;
  /** Null of standard input. */
  readonly sha256: string | null;
  /** Null of a file that is no capture file, of which `fault` says more. */
  readonly format: "pcap" | "pcapng" | null;
  readonly compression: "gzip" | null;
  /** Packets that were read, of all of its interfaces. */
  readonly packets: number;
  readonly first: string | null;
  readonly last: string | null;
  /** What the file says of the machine and the program that made it; empty where it says nothing. */
  readonly hardware: string;
  readonly os: string;
  readonly application: string;
  /** Comments of its sections. At most 10 are kept. */
  readonly comments: readonly string[];
  readonly interfaces: readonly InterfaceFacts[];
  /** Why the file was not read to its end; null where it was. */
  readonly fault: string | null;
}

export interface InterfaceFacts {
  readonly name: string | null;
  readonly description: string | null;
  readonly filter: string | null;
  readonly linkType: number;
  readonly linkTypeName: string;
  /** Bytes; 0 where there is no limit. */
  readonly snapshotLength: number;
  /** The counters of the last interface statistics block, as far as it has them. */
  readonly received: number | null;
  readonly dropped: number | null;
  readonly filterAccepted: number | null;
  readonly osDropped: number | null;
  readonly delivered: number | null;
}

export interface CompletenessReport {
  /** Packets that the files say were lost while they were captured; null where no file says anything of losses. */
  readonly dropped: number | null;
  /** Packets that sampling left out; null where no file says anything of it. */
  readonly sampledOut: number | null;
  /** Packets that a rate limit left out; null where no file says anything of it. */
  readonly rateLimited: number | null;
  /** The share of all packets that were captured which the files hold; null where that is not known. */
  readonly heldShare: number | null;
  /** Packets of which fewer bytes were captured than there were. */
  readonly cutPackets: number;
  /** Packets whose transport header was cut. */
  readonly cutHeaders: number;
  /** Packets whose time is earlier than that of the packet before. */
  readonly outOfOrder: number;
  readonly withoutTime: number;
  /** Sampling steps and drops with their times, which the rates show as marks. At most 200 are kept. */
  readonly marks: readonly RateMark[];
  /** Each a whole sentence. */
  readonly sentences: readonly string[];
}
