/** A capture as pieces of a pcap file. */
import { Readable } from "node:stream";
import { usageError } from "../errors.ts";
import { pcapFileHeader, type TimeStampPrecision } from "../pcap-writer/index.ts";
import type { LinkType } from "./link-types.ts";
import { BATCH_SIZE } from "./packet-batch.ts";
import type { CaptureSession } from "./session.ts";

/** The link type of all interfaces. @throws RingcapError USAGE when they have several */
export function commonLinkType(session: CaptureSession): LinkType {
  const types = new Map(session.interfaces.map(({ link }) => [link.linkType, link]));
  const [first] = types.values();
  if (first !== undefined && types.size === 1) return first;
  const names = session.interfaces.map(({ name, link }) => `${name} is ${link.description}`).join(", ");
  throw usageError("--interface", `a pcap file holds packets of one link type only (${names})`, "capture them apart");
}

async function* pcapChunks(
  session: CaptureSession,
  linkType: number,
  precision: TimeStampPrecision,
): AsyncGenerator<Uint8Array> {
  yield pcapFileHeader({ linkType, snapshotLength: session.snapshotLength, precision });
  const buffer = new Uint8Array(BATCH_SIZE);
  for await (const batch of session) yield batch.pack(buffer, precision).slice();
}

/** @throws RingcapError USAGE when the interfaces have different link types, or processes were asked for */
export function pcapStream(session: CaptureSession, precision: TimeStampPrecision, withProcess: boolean): Readable {
  if (withProcess) {
    throw usageError("--process", "a pcap file has no place for processes", "iterate over the session");
  }
  const { linkType } = commonLinkType(session);
  const stream = Readable.from(pcapChunks(session, linkType, precision), { objectMode: false });
  return stream.once("close", () => void session.stop());
}
