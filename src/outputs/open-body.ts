import { RecordFile } from "../pcap-writer/record-file.ts";
import type { FileBody } from "./file-body.ts";
import type { FileEncoder } from "./file-format.ts";

/** Takes over the descriptor and writes the header. @throws RingcapError OUTPUT; the descriptor stays open */
export function openBody(fd: number, name: string, encoder: FileEncoder): FileBody {
  return new RecordFile(fd, name, encoder.header(), (bytes, limit) => encoder.wholeRecords(bytes, limit));
}
