/** A capture as pieces of a pcap file. */
import { Readable } from "node:stream";
import { usageError } from "../errors.ts";
import { type ChecksumChoice, ChecksumRepair } from "../packets/checksum-repair.ts";
import { RecordPacker } from "../packets/record-packer.ts";
import { type PcapFormat, pcapFileHeader } from "../pcap-writer/index.ts";
import type { LinkType } from "./link-types.ts";
import { oneOf } from "./option-checks.ts";
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
  format: PcapFormat,
  checksums: ChecksumRepair | undefined,
  onNote: (note: string) => void,
): AsyncGenerator<Uint8Array> {
  yield pcapFileHeader(format);
  const packer = new RecordPacker(format, checksums);
  for await (const batch of session) yield packer.pack(batch).slice();
  const note = checksums?.note();
  if (note !== undefined) onNote(note);
}

export interface PcapStreamOptions extends Pick<PcapFormat, "precision"> {
  checksum: ChecksumChoice;
  /** Whether processes were asked for. */
  withProcess: boolean;
  onNote: (note: string) => void;
}

/** @throws RingcapError USAGE when the interfaces have different link types, or processes were asked for */
export function pcapStream(session: CaptureSession, options: PcapStreamOptions): Readable {
  if (options.withProcess) {
    throw usageError("--process", "a pcap file has no place for processes", "iterate over the session");
  }
  const { linkType } = commonLinkType(session);
  const format = { linkType, snapshotLength: session.snapshotLength, precision: options.precision };
  const checksums = ChecksumRepair.for(oneOf("checksum", options.checksum, ["none", "repair"], "none"));
  const chunks = pcapChunks(session, format, checksums, options.onNote);
  const stream = Readable.from(chunks, { objectMode: false });
  return stream.once("close", () => void session.stop());
}
