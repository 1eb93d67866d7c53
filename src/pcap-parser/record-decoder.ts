/** The types that the decoders of pcap and pcapng share. */
import type { ByteWindow } from "./byte-window.ts";
import type { PacketColumns } from "./packet-columns.ts";
import type { CaptureBlock } from "./pcapng/block.ts";
import type { CaptureSection } from "./section.ts";

/** The format of a capture file. */
export type CaptureFormat = PcapFormat | PcapngFormat;

/** What the header of a pcap file says. `linkType` and `snapshotLength` (in bytes) are as they are there. */
export interface PcapFormat {
  readonly type: "pcap";
  /**
   * `standard` is the header that tcpdump writes. `modified` is the header of magic 0xa1b2cd34, whose records have
   * interface, protocol and packet type. `ixia` is the header of Ixia's testers. `aix` is version 2.2, as tcpdump of
   * IBM's AIX writes it.
   */
  readonly variant: "standard" | "modified" | "ixia" | "aix";
  /** The byte order of the file. */
  readonly littleEndian: boolean;
  /** The version of the format, which is 2.4 in almost all files. */
  readonly version: { readonly major: number; readonly minor: number };
  /** The unit of the file's time stamps. */
  readonly precision: "micro" | "nano";
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet; undefined if the file does not say. */
  readonly fcsLength: number | undefined;
}

/** The format of a pcapng file. Its byte order, link types and time stamps belong to its sections and interfaces. */
export interface PcapngFormat {
  readonly type: "pcapng";
}

export interface DecodedRecords {
  readonly columns: PacketColumns;
  readonly blocks: CaptureBlock[];
}

export interface RecordDecoder {
  readonly format: CaptureFormat;
  /** The section of the records decoded last. */
  readonly section: CaptureSection;
  readonly hasOptions: boolean;
  readonly trailerLength: number;

  /**
   * Decodes whole records from the window until it holds no more of them, the batch is full, or a section ends.
   *
   * @param packetsBefore packets of the file before this batch
   * @throws CaptureFileError at a bad record; the records before it are in `into`
   */
  decode(window: ByteWindow, into: DecodedRecords, packetsBefore: number): void;

  /** Describes the record of which the window holds only a part, for a message: "a packet of 60 bytes". */
  describePartial(window: ByteWindow): string;
}
