/** What pcap and pcapng have in common for the parser. */
import type { ByteWindow } from "./byte-window.ts";
import type { PacketColumns } from "./packet-columns.ts";
import type { CaptureBlock } from "./pcapng/block.ts";
import type { CaptureSection } from "./section.ts";

export type CaptureFormat = PcapFormat | PcapngFormat;

export interface PcapFormat {
  readonly type: "pcap";
  /**
   * `standard`; `modified`: the header of magic 0xa1b2cd34, with interface, protocol and packet type; `ixia`: of Ixia's
   * testers; `aix`: version 2.2 of IBM's tcpdump.
   */
  readonly variant: "standard" | "modified" | "ixia" | "aix";
  readonly littleEndian: boolean;
  readonly version: { readonly major: number; readonly minor: number };
  /** Of the file's time stamps. */
  readonly precision: "micro" | "nano";
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet; undefined if the file does not say. */
  readonly fcsLength: number | undefined;
}

/** Byte order, link types and time stamps belong to its sections and interfaces. */
export interface PcapngFormat {
  readonly type: "pcapng";
}

export interface DecodedRecords {
  readonly columns: PacketColumns;
  readonly blocks: CaptureBlock[];
}

export interface RecordDecoder {
  readonly format: CaptureFormat;
  /** Of the records decoded last. */
  readonly section: CaptureSection;
  readonly hasOptions: boolean;
  readonly trailerLength: number;

  /**
   * Takes whole records from the window until it holds no more of them, the batch is full, or a section ends.
   *
   * @param packetsBefore packets of the file before this batch
   * @throws CaptureFileError at a bad record; those before it are in `into`
   */
  decode(window: ByteWindow, into: DecodedRecords, packetsBefore: number): void;

  /** What the window, which ends inside a record, begins with: "a packet of 60 bytes". */
  describePartial(window: ByteWindow): string;
}
