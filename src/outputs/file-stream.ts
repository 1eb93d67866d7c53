/** Yields a capture as the bytes of a capture file. */
import { Readable } from "node:stream";
import type { PacketSource } from "../pipeline/source.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import type { FileEncoder, FileFormat } from "./file-format.ts";
import { whereTold } from "./opened-sink.ts";

/** A source that can be ended before its iteration began. Everything that it has opened is closed. */
interface EndingSource extends PacketSource {
  stop(): Promise<void>;
}

export interface FileStreamOptions {
  format: FileFormat;
  checksums: ChecksumRepair | undefined;
  onNote: (note: string) => void;
}

/**
 * Makes the stream. Destroying it ends the source.
 *
 * @throws RingcapError USAGE for packets that the format cannot hold
 */
export function fileStream(source: EndingSource, options: FileStreamOptions): Readable {
  const encoder = options.format.start(source.description);
  const stream = Readable.from(chunks(source, encoder, options), { objectMode: false });
  // A failure of the source reaches the reader by the iteration. A reader that destroyed the stream before the
  // iteration began is not told of one.
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
