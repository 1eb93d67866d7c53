/** The sink that prints one line for each packet, as tcpdump does. */

import type { PacketOrigin, SourceDescription } from "../../packets/captured.ts";
import type { CapturedPacket, PacketBatch } from "../../packets/packet-batch.ts";
import { ANY_LAYOUT, type PacketSink } from "../../pipeline/sink.ts";
import type { ByteOutput } from "../byte-sink.ts";
import { type PacketLineOptions, PacketLines } from "./packet-line.ts";

export class LineSink implements PacketSink {
  readonly needs = ANY_LAYOUT;
  readonly #output: ByteOutput;
  #origins: ReadonlyMap<number, PacketOrigin> = new Map();
  readonly #lines: PacketLines;
  packetsWritten = 0;

  constructor(output: ByteOutput, options: PacketLineOptions) {
    this.#output = output;
    this.#lines = new PacketLines(options);
  }

  /** Each line names the origin when there are several origins, or both directions. */
  begin({ origins }: SourceDescription): void {
    this.#origins = new Map(origins.map((origin) => [origin.index, origin]));
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
    const origin = this.#origins.get(packet.interfaceIndex);
    const named = this.#origins.size > 1 || origin?.direction === "inout";
    const interfaceName = named ? origin?.name : undefined;
    return this.#lines.format({ ...packet, interfaceName, linkType: origin?.link.linkType ?? 1 });
  }

  async close(): Promise<void> {
    await this.#output.close();
  }
}

/** Returns how many of the texts are whole within the first `taken` bytes of all texts. */
function countWhole(texts: readonly string[], taken: number): number {
  let end = 0;
  const cut = texts.findIndex((text) => {
    end += Buffer.byteLength(text);
    return end > taken;
  });
  return cut < 0 ? texts.length : cut;
}
