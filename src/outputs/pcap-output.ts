/** The pcap file of -w, as a sink. */
import { usageError } from "../errors.ts";
import type { PacketOrigin, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import type { FileOwner, PacketSink, SinkNeeds } from "../pipeline/sink.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import { OutputFile } from "./output-file.ts";
import type { OpenPcapSink } from "./pcap-sinks.ts";

/** The link type of all origins. @throws RingcapError USAGE when they have several */
export function commonLinkType(origins: readonly PacketOrigin[]): PacketOrigin["link"] {
  const types = new Map(origins.map(({ link }) => [link.linkType, link]));
  const [first] = types.values();
  if (first !== undefined && types.size === 1) return first;
  const names = origins.map(({ name, link }) => `${name} is ${link.description}`).join(", ");
  throw usageError("--interface", `a pcap file holds packets of one link type only (${names})`, "capture them apart");
}

/** What a pcap file of the precision asks of the batches. */
export function pcapNeeds(precision: TimeStampPrecision): SinkNeeds {
  return { timeUnit: precision === "nano" ? 1 : 1000, withoutProcesses: "a pcap file has no place for processes" };
}

export class PcapOutput implements PacketSink {
  readonly needs: SinkNeeds;
  readonly #name: string;
  #file: OutputFile | undefined;
  readonly #precision: TimeStampPrecision;
  readonly #checksums: ChecksumRepair | undefined;
  #open: OpenPcapSink | undefined;

  constructor(name: string, precision: TimeStampPrecision, checksums?: ChecksumRepair) {
    this.needs = pcapNeeds(precision);
    this.#precision = precision;
    this.#checksums = checksums;
    this.#name = name;
  }

  prepare(): void {
    this.#file = new OutputFile(this.#name);
  }

  /** Bytes of a file that was there before, which begin() removes. */
  get replacedBytes(): number {
    return this.#file?.replacedBytes ?? 0;
  }

  get directory(): FileOwner | undefined {
    return this.#file?.directory;
  }

  giveTo(owner: FileOwner | undefined): void {
    this.#file?.giveTo(owner);
  }

  get packetsWritten(): number {
    return this.#open?.packetsWritten ?? 0;
  }

  get bytesWritten(): number {
    return this.#open?.bytesWritten ?? 0;
  }

  async begin({ origins, snapshotLength, fcsLength }: SourceDescription): Promise<void> {
    const { linkType } = commonLinkType(origins);
    if (this.#file === undefined) throw new Error("a sink begins before it is prepared");
    const format = { linkType, snapshotLength, precision: this.#precision, fcsLength };
    this.#open = await this.#file.begin(format, this.#checksums);
  }

  write(batch: PacketBatch): void | Promise<void> {
    return this.#begun.write(batch);
  }

  flush(): void {
    this.#open?.flush?.();
  }

  abandon(): void {
    this.#open?.abandon?.();
  }

  close(): void | Promise<void> {
    return this.#begun.close();
  }

  discard(): void {
    if (this.#open === undefined) this.#file?.abandon();
    this.#file = undefined;
  }

  get #begun(): OpenPcapSink {
    if (this.#open === undefined) throw new Error("a sink is written to before it has begun");
    return this.#open;
  }
}
