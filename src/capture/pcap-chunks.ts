/** A capture as pieces of a pcap file. */
import { usageError } from "../errors.ts";
import { PcapEncoder, pcapFileHeader, type TimeStampPrecision } from "../pcap-writer/index.ts";
import type { LinkType } from "./link-types.ts";
import { BATCH_SIZE, type PacketBatch } from "./packet-batch.ts";
import type { CaptureSession } from "./session.ts";

/** The link type of all interfaces. @throws RingcapError USAGE when they have several */
export function commonLinkType(session: CaptureSession): LinkType {
  const types = new Map(session.interfaces.map(({ link }) => [link.linkType, link]));
  const [first] = types.values();
  if (first !== undefined && types.size === 1) return first;
  const names = session.interfaces.map(({ name, link }) => `${name} is ${link.description}`).join(", ");
  throw usageError("--interface", `a pcap file holds packets of one link type only (${names})`, "capture them apart");
}

/** Adds all packets of a batch, for which there is room: a pcap record is never longer than a batch record. */
export function encodeBatch(encoder: PcapEncoder, batch: PacketBatch): void {
  const cursor = batch.cursor();
  while (cursor.next()) {
    const { seconds, nanoseconds, originalLength, bytes, start, capturedLength } = cursor;
    encoder.append(seconds, nanoseconds, originalLength, bytes, start, capturedLength);
  }
}

export async function* pcapChunks(
  session: CaptureSession,
  linkType: number,
  precision: TimeStampPrecision,
): AsyncGenerator<Uint8Array> {
  yield pcapFileHeader({ linkType, snapshotLength: session.snapshotLength, precision });
  const encoder = new PcapEncoder(precision, BATCH_SIZE);
  for await (const batch of session) {
    encodeBatch(encoder, batch);
    yield encoder.take().slice();
  }
}
