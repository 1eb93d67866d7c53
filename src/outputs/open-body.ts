import { RecordFile } from "../pcap-writer/record-file.ts";
import { CompressedBody } from "./compression/compressed-body.ts";
import type { Compressor } from "./compression/compressor.ts";
import { DirectFile } from "./direct-file.ts";
import type { FileBody } from "./file-body.ts";
import type { FileEncoder } from "./file-format.ts";

/**
 * Takes over the descriptor, and writes the header.
 *
 * @param compressor the compression; undefined leaves the file as the encoder makes it
 * @param isOwn whether it is an empty regular file whose descriptor nobody else has, so that it may be written directly
 * @throws RingcapError OUTPUT; the descriptor stays open
 */
export function openBody(
  fd: number,
  name: string,
  encoder: FileEncoder,
  compressor: Compressor | undefined,
  isOwn = false,
): FileBody {
  if (compressor !== undefined) return new CompressedBody(fd, name, encoder.header(), compressor);
  const file = new RecordFile(fd, name, encoder.header(), (bytes, limit) => encoder.wholeRecords(bytes, limit));
  return isOwn ? new DirectFile(file, fd) : file;
}
