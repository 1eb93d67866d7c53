/** Encodes pcap files: draft-ietf-opsawg-pcap, sections 4 (file header) and 5 (packet record). */
import { usageError } from "../errors.ts";
import { ShortCopy } from "./short-copy.ts";

/** The unit of time stamps: microseconds or nanoseconds. */
export type TimeStampPrecision = "micro" | "nano";

/** What the header of a pcap file says. */
export interface PcapFormat {
  /** The LINKTYPE_ number: 1 is Ethernet, 101 is raw IP. */
  linkType: number;
  /**
   * The most bytes of a packet that the file holds, from 1 to 262144, which is the default. The header of a file that
   * was read may have another number, or 0 for no limit.
   */
  snapshotLength?: number | undefined;
  /** The unit of the time stamps. The default is "micro", which every reader knows. */
  precision?: TimeStampPrecision | undefined;
  /**
   * Bytes of frame check sequence at the end of each packet: an even number up to 30. By default the file makes no
   * statement about it.
   */
  fcsLength?: number | undefined;
}

/** The most captured bytes of a packet that readers accept: MAXIMUM_SNAPLEN of libpcap. */
export const SNAPSHOT_LENGTH_MAX = 262_144;

export const FILE_HEADER_LENGTH = 24;
export const RECORD_HEADER_LENGTH = 16;

const MAGIC = { micro: 0xa1b2c3d4, nano: 0xa1b23c4d } as const;
const NANOSECONDS_PER_SECOND = 1_000_000_000;
const VERSION_MAJOR = 2;
const VERSION_MINOR = 4;
/**
 * The F bit, which stands in one field with the link type. Bits 28 to 31 of the field hold the length of the frame
 * check sequence in units of two bytes.
 */
const FCS_PRESENT = 0x0400_0000;
const FCS_LENGTH_MAX = 30;

/**
 * Returns the bytes of a file header, little-endian.
 *
 * @throws RingcapError USAGE for a value that a file cannot hold
 */
export function pcapFileHeader(format: PcapFormat): Uint8Array {
  const { linkType, snapshotLength = SNAPSHOT_LENGTH_MAX, precision = "micro", fcsLength } = format;
  if (!Number.isInteger(linkType) || linkType < 0 || linkType > 0xffff) {
    throw usageError("linkType", `${linkType} is not a link type from 0 to 65535`);
  }
  if (!Number.isInteger(snapshotLength) || snapshotLength < 1 || snapshotLength > SNAPSHOT_LENGTH_MAX) {
    throw usageError("snapshotLength", `${snapshotLength} is not a number of bytes from 1 to ${SNAPSHOT_LENGTH_MAX}`);
  }
  if (!Object.hasOwn(MAGIC, precision)) {
    throw usageError("precision", `"${precision}" is neither micro nor nano`);
  }
  if (fcsLength !== undefined && !(fcsLength >= 0 && fcsLength <= FCS_LENGTH_MAX && fcsLength % 2 === 0)) {
    throw usageError("fcsLength", `${fcsLength} is not an even number of bytes from 0 to ${FCS_LENGTH_MAX}`);
  }
  const fcsBits = fcsLength === undefined ? 0 : FCS_PRESENT | ((fcsLength / 2) << 28);
  const header = new DataView(new ArrayBuffer(FILE_HEADER_LENGTH));
  header.setUint32(0, MAGIC[precision], true);
  header.setUint16(4, VERSION_MAJOR, true);
  header.setUint16(6, VERSION_MINOR, true);
  header.setUint32(16, snapshotLength, true);
  header.setUint32(20, linkType | fcsBits, true);
  return new Uint8Array(header.buffer);
}

/** Lays packet records one after the other into a buffer of a fixed size. */
export class PcapEncoder {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #packets: ShortCopy;
  readonly #divisor: number;
  #length = 0;

  /** @param capacity bytes of the buffer; a packet takes 16 bytes and its captured bytes */
  constructor(precision: TimeStampPrecision, capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
    this.#packets = new ShortCopy(this.#bytes);
    this.#divisor = precision === "nano" ? 1 : 1000;
  }

  /** Bytes that were encoded since the last take(). */
  get length(): number {
    return this.#length;
  }

  /** Whether the buffer has room for a packet of that many captured bytes. */
  fits(capturedLength: number): boolean {
    return this.#length + RECORD_HEADER_LENGTH + capturedLength <= this.#bytes.length;
  }

  /**
   * Adds one packet. The caller has made sure that it fits.
   *
   * @param seconds seconds since the epoch, from 0 to 2^32 - 1
   * @param nanoseconds nanoseconds of the second, from 0 to 999,999,999; a file with microseconds cuts them off, as
   *   tcpdump does
   * @param originalLength bytes of the packet on the wire
   * @param source array whose bytes from index `start` on are the captured bytes
   */
  append(
    seconds: number,
    nanoseconds: number,
    originalLength: number,
    source: Uint8Array,
    start: number,
    capturedLength: number,
  ): void {
    const view = this.#view;
    const to = this.#length;
    view.setUint32(to, seconds, true);
    view.setUint32(to + 4, (nanoseconds / this.#divisor) >>> 0, true);
    view.setUint32(to + 8, capturedLength, true);
    view.setUint32(to + 12, originalLength, true);
    this.#packets.copy(to + RECORD_HEADER_LENGTH, source, start, capturedLength);
    this.#length = to + RECORD_HEADER_LENGTH + capturedLength;
  }

  /**
   * Returns a view of the bytes that were encoded, and begins anew at the start of the buffer. The view is valid until
   * the next append().
   */
  take(): Uint8Array {
    const encoded = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return encoded;
  }
}

/**
 * Counts the whole records among the first `limit` bytes of encoded records, and the bytes up to the end of the last of
 * them. The count ends at zeros and at bytes that are no record, because the bytes may come from a file that another
 * program changed.
 */
export function wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number } {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let records = 0;
  let bytes = 0;
  while (bytes + RECORD_HEADER_LENGTH <= limit) {
    const seconds = view.getUint32(bytes, true);
    const fraction = view.getUint32(bytes + 4, true);
    const end = bytes + RECORD_HEADER_LENGTH + view.getUint32(bytes + 8, true);
    const originalLength = view.getUint32(bytes + 12, true);
    if (end > limit || seconds + fraction + originalLength === 0 || fraction >= NANOSECONDS_PER_SECOND) break;
    bytes = end;
    records++;
  }
  return { records, bytes };
}
