/** One tcpdump-like line per packet. */
import type {
  ByteOutput,
  CapturedInterface,
  CapturedPacket,
  LinkType,
  PacketBatch,
  PacketSink,
} from "../capture/index.ts";
import { type PacketLineOptions, PacketLines } from "./packet-line.ts";

/** Where packets come from: an interface, or a file. */
export interface LineSource extends Pick<CapturedInterface, "index" | "name" | "direction"> {
  readonly link: Pick<LinkType, "linkType">;
}

export class LineSink implements PacketSink {
  readonly #output: ByteOutput;
  readonly #interfaces: ReadonlyMap<number, LineSource>;
  readonly #lines: PacketLines;
  packetsWritten = 0;

  /** The interface is named in each line when there are several, or both directions. */
  constructor(output: ByteOutput, interfaces: readonly LineSource[], options: PacketLineOptions) {
    this.#output = output;
    this.#interfaces = new Map(interfaces.map((captured) => [captured.index, captured]));
    this.#lines = new PacketLines(options);
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    const texts: string[] = [];
    for (const packet of batch) texts.push(`${this.#line(packet)}\n`);
    const bytes = Buffer.from(texts.join(""));
    const before = this.#output.bytesWritten;
    try {
      await this.#output.write(bytes);
      this.packetsWritten += batch.count;
    } catch (error) {
      this.packetsWritten += countWhole(texts, this.#output.bytesWritten - before);
      throw error;
    }
  }

  abandon(): void {
    this.#output.abandon();
  }

  #line(packet: CapturedPacket): string {
    const captured = this.#interfaces.get(packet.interfaceIndex);
    const named = this.#interfaces.size > 1 || captured?.direction === "inout";
    const interfaceName = named ? captured?.name : undefined;
    return this.#lines.format({ ...packet, interfaceName, linkType: captured?.link.linkType ?? 1 });
  }

  async close(): Promise<void> {
    await this.#output.close();
  }
}

/** How many of the texts are whole within so many bytes of them all. */
function countWhole(texts: readonly string[], taken: number): number {
  let end = 0;
  const cut = texts.findIndex((text) => {
    end += Buffer.byteLength(text);
    return end > taken;
  });
  return cut < 0 ? texts.length : cut;
}
