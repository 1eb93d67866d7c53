/** One tcpdump-like line per packet. */
import type {
  ByteOutput,
  CapturedInterface,
  CapturedPacket,
  LinkType,
  PacketBatch,
  PacketSink,
} from "../capture/index.ts";
import { formatPacketLine, type PacketLineOptions } from "./packet-line.ts";

/** Where packets come from: an interface, or a file. */
export interface LineSource extends Pick<CapturedInterface, "index" | "name" | "direction"> {
  readonly link: Pick<LinkType, "linkType">;
}

export class LineSink implements PacketSink {
  readonly #output: ByteOutput;
  readonly #interfaces: ReadonlyMap<number, LineSource>;
  readonly #options: PacketLineOptions;
  packetsWritten = 0;

  /** The interface is named in each line when there are several, or both directions. */
  constructor(output: ByteOutput, interfaces: readonly LineSource[], options: PacketLineOptions) {
    this.#output = output;
    this.#interfaces = new Map(interfaces.map((captured) => [captured.index, captured]));
    this.#options = options;
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    let text = "";
    for (const packet of batch) text += `${this.#line(packet)}\n`;
    const bytes = Buffer.from(text);
    const before = this.#output.bytesWritten;
    try {
      await this.#output.write(bytes);
      this.packetsWritten += batch.count;
    } catch (error) {
      const taken = bytes.subarray(0, this.#output.bytesWritten - before);
      this.packetsWritten += taken.toString("latin1").split("\n").length - 1;
      throw error;
    }
  }

  #line(packet: CapturedPacket): string {
    const captured = this.#interfaces.get(packet.interfaceIndex);
    const named = this.#interfaces.size > 1 || captured?.direction === "inout";
    const options =
      named && captured !== undefined ? { ...this.#options, interfaceName: captured.name } : this.#options;
    return formatPacketLine({ ...packet, linkType: captured?.link.linkType ?? 1 }, options);
  }

  async close(): Promise<void> {
    await this.#output.close();
  }
}
