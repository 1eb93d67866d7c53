/** What a file says of itself beside its packets: who made it, of which interfaces, and what was lost. */

import { describeLinkType } from "../../packets/link-type-names.ts";
import type { PacketBatch } from "../../packets/packet-batch.ts";
import type { CaptureBlock, CaptureInterface, PacketCaptureBlock } from "../../pcap-parser/index.ts";
import { type Moment, zonedTime } from "../times.ts";
import type { RateMark } from "../values.ts";
import type { FileFacts, InterfaceFacts } from "./completeness.ts";
import { LossMarks } from "./loss-marks.ts";
import { type Left, leftOutBy, samplingOf } from "./own-comments.ts";

/** What is known of a file before it is read, or behind its end. */
export type FileIdentity = Pick<FileFacts, "name" | "bytes" | "sha256" | "compression" | "fault">;

/** A file may describe thousands of interfaces, and have thousands of comments and remarks. */
const MOST_INTERFACES = 100;
const MOST_COMMENTS = 10;
const MOST_STEPS = 100;
const EPB_DROPCOUNT = 4;
const NANOSECONDS = 1_000_000_000n;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export class FileReading {
  readonly #format: "pcap" | "pcapng";
  readonly #interfaces: Mutable<InterfaceFacts>[] = [];
  readonly #comments: string[] = [];
  readonly #steps: RateMark[] = [];
  #texts = { hardware: "", os: "", application: "" };
  /** Of all sections before: the number of their interfaces. */
  #before = 0;
  #described = 0;
  packets = 0;
  first: Moment | undefined;
  last: Moment | undefined;
  /** The sum of what the packets say was lost before each; undefined where no packet says anything. */
  lostBefore: number | undefined;
  /** What ringcap's own comments say was left out on purpose; undefined where they say nothing. */
  leftOut: Left | undefined;
  readonly lossMarks = new LossMarks();

  constructor(format: "pcap" | "pcapng") {
    this.#format = format;
  }

  /** Says that a pcap file has packets of one link type. */
  addPlain(linkType: number, snapshotLength: number): void {
    this.#interfaces.push(factsOf({ linkType, snapshotLength }));
  }

  /** Takes the blocks that come with the batches of a replay. */
  takeBlocks(batch: PacketBatch, moment: () => Moment | undefined): void {
    for (const block of batch.fileBlocks ?? []) {
      if (isPacket(block)) this.#takePacket(block, moment);
      else this.takeBlock(block);
    }
  }

  #takePacket(block: PacketCaptureBlock, moment: () => Moment | undefined): void {
    if (block.kind !== "enhanced-packet") return;
    const lost = block.options.uint64(EPB_DROPCOUNT);
    if (lost !== undefined) this.takeLoss(Number(lost), moment());
  }

  /** Takes what a packet says was lost before it. */
  takeLoss(lost: number, moment: Moment | undefined): void {
    this.lostBefore = (this.lostBefore ?? 0) + lost;
    if (lost > 0 && moment !== undefined) this.lossMarks.add(lost, moment);
  }

  takeBlock(block: CaptureBlock): void {
    if (block.kind === "section-header") {
      this.#before += this.#described;
      this.#described = 0;
      const { hardware, operatingSystem, userApplication } = block;
      this.#texts = {
        hardware: this.#texts.hardware || (hardware ?? ""),
        os: this.#texts.os || (operatingSystem ?? ""),
        application: this.#texts.application || (userApplication ?? ""),
      };
      for (const comment of block.options.comments)
        if (this.#comments.length < MOST_COMMENTS) this.#comments.push(comment);
    } else if (block.kind === "interface-description") {
      this.#described++;
      this.#addInterface(block.interface);
    } else if (block.kind === "interface-statistics") {
      this.#takeStatistics(block);
    }
  }

  #addInterface(described: CaptureInterface): void {
    if (this.#interfaces.length < MOST_INTERFACES) this.#interfaces.push(factsOf(described));
  }

  /** The last block that has a counter says how it ended. */
  #takeStatistics(block: Extract<CaptureBlock, { kind: "interface-statistics" }>): void {
    const facts = this.#interfaces[this.#before + block.interfaceId];
    if (facts !== undefined) {
      facts.received = numberOf(block.received) ?? facts.received;
      facts.dropped = numberOf(block.dropped) ?? facts.dropped;
      facts.filterAccepted = numberOf(block.acceptedByFilter) ?? facts.filterAccepted;
      facts.osDropped = numberOf(block.droppedBySystem) ?? facts.osDropped;
      facts.delivered = numberOf(block.deliveredToUser) ?? facts.delivered;
    }
    for (const comment of block.options.comments) {
      const left = leftOutBy(comment);
      if (left !== undefined) {
        const { sampledOut = 0, rateLimited = 0 } = this.leftOut ?? {};
        this.leftOut = { sampledOut: sampledOut + left.sampledOut, rateLimited: rateLimited + left.rateLimited };
      }
      const step = samplingOf(comment);
      if (step === undefined || block.timestamp === undefined || this.#steps.length === MOST_STEPS) continue;
      const time = zonedTime(Number(block.timestamp / NANOSECONDS), Number(block.timestamp % NANOSECONDS));
      this.#steps.push({ time, kind: "sampling", text: step });
    }
  }

  /** Packets that the statistics say were lost; undefined where they say nothing. */
  get droppedByStatistics(): number | undefined {
    const told = this.#interfaces.filter(({ dropped, osDropped }) => dropped !== null || osDropped !== null);
    if (told.length === 0) return undefined;
    return told.reduce((sum, { dropped, osDropped }) => sum + (dropped ?? 0) + (osDropped ?? 0), 0);
  }

  /** Sampling steps and losses. Where packets were left out on purpose, their numbers are among those of the losses. */
  get marks(): readonly RateMark[] {
    const { sampledOut = 0, rateLimited = 0 } = this.leftOut ?? {};
    const isThinned = this.#steps.length > 0 || sampledOut + rateLimited > 0;
    return isThinned ? this.#steps : this.lossMarks.marks();
  }

  facts(identity: FileIdentity): FileFacts {
    return {
      ...identity,
      format: this.#format,
      packets: this.packets,
      first: this.first?.text ?? null,
      last: this.last?.text ?? null,
      ...this.#texts,
      comments: this.#comments,
      interfaces: this.#interfaces,
    };
  }
}

function isPacket(block: CaptureBlock | PacketCaptureBlock): block is PacketCaptureBlock {
  return block.kind === "enhanced-packet" || block.kind === "simple-packet" || block.kind === "packet";
}

function numberOf(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function factsOf(described: {
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly filter?: string | undefined;
}): InterfaceFacts {
  const { linkType, snapshotLength, name, description, filter } = described;
  return {
    name: name ?? null,
    description: description ?? null,
    filter: filter ?? null,
    linkType,
    linkTypeName: describeLinkType(linkType).name,
    snapshotLength,
    received: null,
    dropped: null,
    filterAccepted: null,
    osDropped: null,
    delivered: null,
  };
}
