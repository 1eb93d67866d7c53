/** All of a capture, with copies of what is valid only for a while. */
import {
  type CaptureFileError,
  type CaptureInput,
  type CapturePacket,
  openCapture,
  PcapParser,
} from "../../../src/pcap-parser/index.ts";

export interface ReadCapture {
  readonly packets: readonly CapturePacket[];
  /** Kinds of pcapng blocks, packets among them, in the order of the file. */
  readonly kinds: readonly string[];
  readonly error: CaptureFileError | undefined;
}

/** Each packet as one line: what to compare when there are many. */
export function linesOf(packets: readonly CapturePacket[]): string[] {
  return packets.map(({ number, timestamp, originalLength, fileOffset, data, interface: { id, linkType } }) => {
    return [number, timestamp, originalLength, fileOffset, id, linkType, Buffer.from(data).toString("hex")].join(" ");
  });
}

class Collector {
  readonly packets: CapturePacket[] = [];
  readonly kinds: string[] = [];

  add(batch: ReturnType<PcapParser["next"]> & object): void {
    const packets = [...batch].map((packet) => ({ ...packet, data: Uint8Array.from(packet.data) }));
    const before = this.packets.length;
    for (const block of batch.blocks) {
      while (this.packets.length < block.raw.packetsBefore) this.#take(packets, before);
      this.kinds.push(block.kind);
    }
    while (this.packets.length - before < packets.length) this.#take(packets, before);
  }

  #take(packets: readonly CapturePacket[], before: number): void {
    const packet = packets[this.packets.length - before];
    if (packet === undefined) throw new Error("a block stands behind more packets than there are");
    this.packets.push(packet);
    this.kinds.push("packet");
  }
}

/** @param piece bytes pushed at once; default: all */
export function readBytes(bytes: Uint8Array, piece = Math.max(1, bytes.length)): ReadCapture {
  const collector = new Collector();
  const parser = new PcapParser();
  try {
    for (let at = 0; at < bytes.length; at += piece) {
      parser.push(bytes.slice(at, at + piece));
      for (const batch of parser) collector.add(batch);
    }
    parser.end();
    for (const batch of parser) collector.add(batch);
  } catch (error) {
    return { ...collector, error: error as CaptureFileError };
  }
  return { ...collector, error: undefined };
}

export async function readInput(input: CaptureInput): Promise<ReadCapture> {
  const collector = new Collector();
  try {
    for await (const batch of await openCapture(input)) collector.add(batch);
  } catch (error) {
    return { ...collector, error: error as CaptureFileError };
  }
  return { ...collector, error: undefined };
}
