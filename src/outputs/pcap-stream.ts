/** A capture as pieces of a pcap file. */
import { Readable } from "node:stream";
import { type PcapFormat, pcapFileHeader } from "../pcap-writer/index.ts";
import type { PacketSource } from "../pipeline/source.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import { commonLinkType } from "./pcap-format.ts";
import { RecordPacker } from "./record-packer.ts";

/** A source that can be ended, with everything given back. */
interface EndingSource extends PacketSource {
  stop(): Promise<void>;
}

export interface PcapStreamOptions extends Pick<PcapFormat, "precision"> {
  checksums: ChecksumRepair | undefined;
  onNote: (note: string) => void;
}

/** Destroying the stream ends the source. @throws RingcapError USAGE when the interfaces have different link types */
export function pcapStream(source: EndingSource, options: PcapStreamOptions): Readable {
  const { origins, snapshotLength } = source.description;
  const { linkType } = commonLinkType(origins);
  const format = { linkType, snapshotLength, precision: options.precision };
  const stream = Readable.from(pcapChunks(source, format, options), { objectMode: false });
  return stream.once("close", () => void source.stop());
}

async function* pcapChunks(
  source: PacketSource,
  format: PcapFormat,
  { checksums, onNote }: PcapStreamOptions,
): AsyncGenerator<Uint8Array> {
  yield pcapFileHeader(format);
  const packer = new RecordPacker(format, checksums);
  for await (const batch of source) yield packer.pack(batch).slice();
  const note = checksums?.note();
  if (note !== undefined) onNote(note);
}
