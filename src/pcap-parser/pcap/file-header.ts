/**
 * The header of pcap files: draft-ietf-opsawg-pcap, section 4. Variants that were in use beside it are read too: those
 * of Alexey Kuznetsov's patched libpcap (0xa1b2cd34), of Ixia's testers and of IBM's AIX, and the versions before 2.4.
 */
import type { FaultReporter } from "../capture-file-error.ts";
import type { PcapFormat } from "../record-decoder.ts";

export const FILE_HEADER_LENGTH = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;
const IXIA_HARDWARE = 0x1c0001ac;
const IXIA_SOFTWARE = 0x1c0001ab;
const MAGICS: ReadonlySet<number> = new Set([MICROSECONDS, NANOSECONDS, MODIFIED, IXIA_HARDWARE, IXIA_SOFTWARE]);

/** The oldest major version of LBL's format that is read. */
const OLDEST_MAJOR_VERSION = 2;
/** The major version that tcpdump of DG/UX wrote instead of 2. */
const DGUX_MAJOR_VERSION = 543;

const FCS_PRESENT = 0x0400_0000;
const LINK_TYPE_RESERVED = 0x03ff_0000;

/** Interface types (RFC 1573) that AIX writes instead of link types: Ethernet, Token Ring, FDDI, loopback. */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
]);

export interface PcapLayout {
  readonly format: PcapFormat;
  /** Bytes before the first record. */
  readonly firstRecord: number;
  readonly recordHeaderLength: number;
  /** Which of a record's two lengths is the captured one. Old programs wrote the original length first. */
  readonly lengthOrder: "captured-first" | "original-first" | "smaller-is-captured";
}

/**
 * Returns the byte order in which the first four bytes are a magic number of pcap; undefined if they are none in
 * either.
 */
export function pcapByteOrder(view: DataView, offset: number): "little" | "big" | undefined {
  if (MAGICS.has(view.getUint32(offset, true))) return "little";
  return MAGICS.has(view.getUint32(offset, false)) ? "big" : undefined;
}

/** Bytes of the file header. The caller has checked that the magic number is there. */
export function pcapFileHeaderLength(view: DataView, offset: number, littleEndian: boolean): number {
  return isIxia(view.getUint32(offset, littleEndian)) ? FILE_HEADER_LENGTH + 4 : FILE_HEADER_LENGTH;
}

/** Reads a whole file header. @throws CaptureFileError if its version or variant is not read */
export function readPcapFileHeader(
  view: DataView,
  offset: number,
  littleEndian: boolean,
  faults: FaultReporter,
): PcapLayout {
  const magic = view.getUint32(offset, littleEndian);
  const major = view.getUint16(offset + 4, littleEndian);
  const minor = view.getUint16(offset + 6, littleEndian);
  if (major < OLDEST_MAJOR_VERSION) throw faults.unsupported(4, `version ${major}.${minor} of pcap is not known`);

  const linkField = view.getUint32(offset + 20, littleEndian);
  if ((linkField & LINK_TYPE_RESERVED) !== 0) {
    throw faults.corrupt(20, `reserved bits of the link type 0x${linkField.toString(16).padStart(8, "0")} are set`);
  }
  const aixLinkType = major === 2 && minor === 2 && magic === MICROSECONDS ? aixLinkTypeOf(linkField) : undefined;
  const format: PcapFormat = {
    type: "pcap",
    variant: aixLinkType === undefined ? variantOf(magic) : "aix",
    littleEndian,
    version: { major, minor },
    precision: magic === NANOSECONDS || aixLinkType !== undefined ? "nano" : "micro",
    linkType: aixLinkType ?? linkField & 0xffff,
    snapshotLength: view.getUint32(offset + 16, littleEndian),
    // The upper four bits hold the length of the frame check sequence in units of two bytes.
    fcsLength: (linkField & FCS_PRESENT) === 0 ? undefined : (linkField >>> 28) * 2,
  };
  return {
    format,
    firstRecord: pcapFileHeaderLength(view, offset, littleEndian),
    recordHeaderLength: magic === MODIFIED ? 24 : 16,
    lengthOrder: lengthOrderOf(major, minor),
  };
}

function isIxia(magic: number): boolean {
  return magic === IXIA_HARDWARE || magic === IXIA_SOFTWARE;
}

function variantOf(magic: number): PcapFormat["variant"] {
  if (magic === MODIFIED) return "modified";
  return isIxia(magic) ? "ixia" : "standard";
}

function aixLinkTypeOf(linkField: number): number | undefined {
  return AIX_LINK_TYPES.get(linkField);
}

function lengthOrderOf(major: number, minor: number): PcapLayout["lengthOrder"] {
  if (major === DGUX_MAJOR_VERSION || (major === 2 && minor < 3)) return "original-first";
  return major === 2 && minor === 3 ? "smaller-is-captured" : "captured-first";
}
