/** Classic pcap files (draft-ietf-opsawg-pcap), whole in memory. */
import { RingcapError } from "../errors.ts";

const FILE_HEADER_LENGTH = 24;
const PACKET_HEADER_LENGTH = 16;
/** libpcap's MAXIMUM_SNAPLEN: a larger captured length is a broken file, not a packet. */
const MOST_CAPTURED_BYTES = 262_144;
const MAJOR_VERSION = 2;

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const PCAPNG_BLOCK_TYPE = 0x0a0d0d0a;

export interface PcapPacket {
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  /** Bytes in the file, the length of `data`. */
  readonly capturedLength: number;
  /** Bytes on the wire. */
  readonly originalLength: number;
  /** A view of the file's bytes, not a copy. */
  readonly data: Uint8Array;
}

export interface PcapCapture {
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Whether the file's time stamps count nanoseconds; otherwise microseconds. */
  readonly nanosecond: boolean;
  /** Can be iterated more than once. Throws RingcapError INPUT at the first packet that is broken, after those before it. */
  readonly packets: Iterable<PcapPacket>;
}

interface FileFormat {
  readonly littleEndian: boolean;
  readonly nanosecond: boolean;
}

/**
 * Reads a pcap file of either byte order, with microsecond or nanosecond time stamps.
 *
 * @throws RingcapError INPUT if it is not such a file; its message names the byte offset
 */
export function readPcap(bytes: Uint8Array): PcapCapture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER_LENGTH) {
    throw inputError(`the file ends at byte ${bytes.length}, inside the file header of ${FILE_HEADER_LENGTH} bytes`);
  }
  const format = readFormat(view);
  const majorVersion = view.getUint16(4, format.littleEndian);
  if (majorVersion !== MAJOR_VERSION) throw inputError(`byte 4: version ${majorVersion} is not a pcap version, 2 is`);

  return {
    // The upper sixteen bits describe the frame check sequence.
    linkType: view.getUint32(20, format.littleEndian) & 0xffff,
    snapshotLength: view.getUint32(16, format.littleEndian),
    nanosecond: format.nanosecond,
    packets: { [Symbol.iterator]: () => readPackets(bytes, view, format) },
  };
}

function readFormat(view: DataView): FileFormat {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MAGIC_MICROSECONDS) return { littleEndian, nanosecond: false };
    if (magic === MAGIC_NANOSECONDS) return { littleEndian, nanosecond: true };
  }
  const magic = view.getUint32(0);
  if (magic === PCAPNG_BLOCK_TYPE) throw inputError("byte 0: this is a pcapng file, not pcap");
  throw inputError(`byte 0: 0x${magic.toString(16).padStart(8, "0")} is not the magic number of a pcap file`);
}

function* readPackets(bytes: Uint8Array, view: DataView, format: FileFormat): Generator<PcapPacket> {
  const { littleEndian } = format;
  const fractionUnit = format.nanosecond ? 1n : 1000n;
  let offset = FILE_HEADER_LENGTH;
  while (offset < bytes.length) {
    if (offset + PACKET_HEADER_LENGTH > bytes.length) {
      throw inputError(`byte ${offset}: the file ends at byte ${bytes.length}, inside a packet header`);
    }
    const capturedLength = view.getUint32(offset + 8, littleEndian);
    const start = offset + PACKET_HEADER_LENGTH;
    if (capturedLength > MOST_CAPTURED_BYTES) {
      throw inputError(`byte ${offset + 8}: a captured length of ${capturedLength} is above ${MOST_CAPTURED_BYTES}`);
    }
    if (start + capturedLength > bytes.length) {
      throw inputError(
        `byte ${offset}: the file ends at byte ${bytes.length}, inside a packet of ${capturedLength} bytes`,
      );
    }
    const seconds = BigInt(view.getUint32(offset, littleEndian));
    const fraction = BigInt(view.getUint32(offset + 4, littleEndian));
    yield {
      timestamp: seconds * 1_000_000_000n + fraction * fractionUnit,
      capturedLength,
      originalLength: view.getUint32(offset + 12, littleEndian),
      data: bytes.subarray(start, start + capturedLength),
    };
    offset = start + capturedLength;
  }
}

function inputError(message: string): RingcapError {
  return new RingcapError(message, { code: "INPUT", operation: "read the pcap file" });
}
