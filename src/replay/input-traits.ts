/** What the packets of a capture file have in common, found before the first of them is replayed. */
import type { ByteOrder } from "../packets/byte-order.ts";
import type { Capture, CaptureBatch, CaptureInterface } from "../pcap-parser/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import type { InterruptibleReader } from "../pipeline/interruptible-reader.ts";

export interface InputTraits {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** Of the headers of the file, or of the section with the first packet. */
  readonly byteOrder: ByteOrder;
  /** The coarser one that keeps the time stamps. */
  readonly precision: TimeStampPrecision;
  /** Bytes of frame check sequence at the end of each packet, where the header of a pcap file tells. */
  readonly fcsLength: number | undefined;
}

export interface DescribedInput {
  readonly traits: InputTraits;
  /** The batch that had to be read to find this out. It is the first to be replayed. */
  readonly first: CaptureBatch | undefined;
}

/** A pcapng file without interfaces has no packets either. */
const WITHOUT_INTERFACES = 1;
const MICROSECONDS = 1_000_000n;

/**
 * @param upTo what of a pcapng file is read for it: blocks before the first packet are gone then, unless they come with it
 * @throws RingcapError INPUT for a pcapng file that is broken before its first packet; the signal's reason
 */
export async function describeInput(
  capture: Capture,
  reader: InterruptibleReader,
  upTo: "first packet" | "first batch",
  signal?: AbortSignal,
): Promise<DescribedInput> {
  const { format } = capture;
  if (format.type === "pcapng") return describePcapng(reader, upTo, signal);
  const { linkType, precision, fcsLength } = format;
  return { traits: { linkType, byteOrder: byteOrderOf(format), precision, fcsLength }, first: undefined };
}

/** The link type is that of the first packet, or of the first interface when no packet follows. */
async function describePcapng(
  reader: InterruptibleReader,
  upTo: "first packet" | "first batch",
  signal?: AbortSignal,
): Promise<DescribedInput> {
  let linkType: number | undefined;
  let byteOrder: ByteOrder = "little";
  let unitsPerSecond = 0n;
  const traitsWith = (found: number): InputTraits => {
    const precision = unitsPerSecond > MICROSECONDS ? "nano" : "micro";
    return { linkType: found, byteOrder, precision, fcsLength: undefined };
  };
  for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
    signal?.throwIfAborted();
    byteOrder = byteOrderOf(batch.section);
    for (const described of interfacesBeforePackets(batch)) {
      linkType ??= described.linkType;
      if (described.unitsPerSecond > unitsPerSecond) unitsPerSecond = described.unitsPerSecond;
    }
    const packet = batch.cursor();
    if (packet.next()) return { traits: traitsWith(packet.interface.linkType), first: batch };
    if (upTo === "first batch") return { traits: traitsWith(linkType ?? WITHOUT_INTERFACES), first: batch };
  }
  return { traits: traitsWith(linkType ?? WITHOUT_INTERFACES), first: undefined };
}

export function byteOrderOf({ littleEndian }: { readonly littleEndian: boolean }): ByteOrder {
  return littleEndian ? "little" : "big";
}

/** The traits that do not depend on how the file is cut into batches. */
function* interfacesBeforePackets(batch: CaptureBatch): Generator<CaptureInterface> {
  for (const block of batch.blocks) {
    if (block.kind === "interface-description" && block.raw.packetsBefore === 0) yield block.interface;
  }
}
