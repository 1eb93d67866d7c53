/** Finds out the kind of a capture file from its first bytes. */
import type { ByteWindow } from "./byte-window.ts";
import type { FaultReporter } from "./capture-file-error.ts";
import { pcapByteOrder, pcapFileHeaderLength, readPcapFileHeader } from "./pcap/file-header.ts";
import { PcapDecoder } from "./pcap/pcap-decoder.ts";
import { SECTION_HEADER } from "./pcapng/blocks/section-header.ts";
import { PcapngDecoder } from "./pcapng/pcapng-decoder.ts";
import type { RecordDecoder } from "./record-decoder.ts";

const MAGIC_LENGTH = 4;

/** Kinds of files that are often mistaken for captures, by their first four bytes. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [0x28b52ffd, "a zstd file: decompress it first"],
  [0x04224d18, "an lz4 file: decompress it first"],
  [0x425a6839, "a bzip2 file: decompress it first"],
  [0xfd377a58, "an xz file: decompress it first"],
  [0x504b0304, "a zip archive: unpack it first"],
  [0x736e6f6f, "a snoop capture: `editcap -F pcap` converts it"],
]);

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Reads the file header of a pcap file, or recognises a pcapng file.
 *
 * @param turnsPseudoHeaders see PcapParserOptions.pseudoHeaders
 * @returns undefined if the window does not hold all of the header
 * @throws CaptureFileError if the file is not a capture, or one of an unsupported version
 */
export function detectFormat(
  window: ByteWindow,
  faults: FaultReporter,
  turnsPseudoHeaders: boolean,
): RecordDecoder | undefined {
  if (window.available < MAGIC_LENGTH) return undefined;
  const { view, begin } = window;
  const magic = view.getUint32(begin);
  if (magic === SECTION_HEADER) return new PcapngDecoder(faults, turnsPseudoHeaders);
  if (isGzip(window.bytes.subarray(begin, begin + 2))) {
    if (faults.inflated)
      throw faults.unsupported(0, "gzip within gzip, which is not read", "take one of them off: gzip -d");
    throw faults.unsupported(0, "a gzip file, which is not read synchronously", "open it with openCapture()");
  }
  const order = pcapByteOrder(view, begin);
  if (order === undefined) {
    const text = `0x${magic.toString(16).padStart(8, "0")} is not the magic number of a pcap or pcapng file`;
    if (faults.inflated)
      throw faults.unsupported(0, "gzip within gzip, which is not read", "take one of them off: gzip -d");
    throw faults.unsupported(0, text, HINTS.get(magic));
  }
  const littleEndian = order === "little";
  if (window.available < pcapFileHeaderLength(view, begin, littleEndian)) return undefined;
  const layout = readPcapFileHeader(view, begin, littleEndian, faults);
  window.begin += layout.firstRecord;
  return new PcapDecoder(layout, faults, turnsPseudoHeaders);
}
