import { RecordFile } from "../pcap-writer/record-file.ts";
import { CompressedBody } from "./compression/compressed-body.ts";
import type { Compressor } from "./compression/compressor.ts";
import type { FileBody } from "./file-body.ts";
import type { FileEncoder } from "./file-format.ts";

/**
 * Takes over the descriptor, and writes the header.
 *
 * @param compressor the compression; undefined leaves the file as the encoder makes it
 * @throws RingcapError OUTPUT; the descriptor stays open
 */
export function openBody(fd: number, name: string, encoder: FileEncoder, compressor: Compressor | undefined): FileBody {
  if (compressor !== undefined) return new CompressedBody(fd, name, encoder.header(), compressor);
  return new RecordFile(fd, name, encoder.header(), (bytes, limit) => encoder.wholeRecords(bytes, limit));
}
