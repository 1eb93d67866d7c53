/** A capture as pieces of a capture file. */
import { Readable } from "node:stream";
import type { PacketSource } from "../pipeline/source.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import type { FileEncoder, FileFormat } from "./file-format.ts";
import { whereTold } from "./opened-sink.ts";

/** A source that can be ended, with everything given back. */
interface EndingSource extends PacketSource {
  stop(): Promise<void>;
}

export interface FileStreamOptions {
  format: FileFormat;
  checksums: ChecksumRepair | undefined;
  onNote: (note: string) => void;
}

/** Destroying the stream ends the source. @throws RingcapError USAGE for packets that the format cannot hold */
export function fileStream(source: EndingSource, options: FileStreamOptions): Readable {
  const encoder = options.format.start(source.description);
  const stream = Readable.from(chunks(source, encoder, options), { objectMode: false });
  // The iteration throws what failed. Whoever destroyed the stream before it began wants nothing of it any more.
  return stream.once("close", () => void source.stop().catch(() => {}));
}

async function* chunks(
  source: PacketSource,
  encoder: FileEncoder,
  { checksums, onNote }: FileStreamOptions,
): AsyncGenerator<Uint8Array> {
  yield encoder.header();
  let packets = 0;
  for await (const batch of source) {
    packets += batch.count;
    yield encoder.encode(batch).slice();
  }
  const trailer = encoder.trailer(whereTold(() => source.counters())(), packets);
  if (trailer.length > 0) yield trailer;
  const note = checksums?.note();
  if (note !== undefined) onNote(note);
}
