/** A replay, read top to bottom: open the input, choose an engine, run batch after batch, compare the counts. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { onceError } from "../errors.ts";
import { neededForOpenDescriptors } from "../host/kernel-features.ts";
import type { Capability } from "../host/process-privileges.ts";
import { Admission, chanceOf, thins } from "../packets/admission.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { InputBatch } from "../packets/input-batch.ts";
import { describeLinkType, type ReplayLinkType } from "../packets/link-type-names.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import type { PacketSource } from "../pipeline/source.ts";
import { EngineByLinkType } from "./engine-by-link-type.ts";
import { type InputSource, inputSource, ReplayInput } from "./input.ts";
import { checkReplayOptions, type ReplayOptions, type ReplaySettings } from "./options.ts";

/**
 * Numbers of packets, of which matched = sampledOut + rateLimited + ringDropped + overLimit + delivered, as in a
 * capture.
 */
export interface ReplayCounters extends CaptureCounters {
  /**
   * How many packets of `seen` were too short or too long for a test run of the kernel. The filter on the host decided
   * about them. It may include a few behind the last packet where a count ends a replay with sampling or a rate limit.
   */
  decidedOnHost: number;
}

/** Milliseconds after which signals and timers get their turn. */
const TURN_MILLISECONDS = 20;

/**
 * Opens a capture file to put its packets through the filter of a capture. Iterate over the session, once, to have those
 * that match: in the order of the file, with their times and original lengths.
 *
 * ```ts
 * const session = await replay("syn.pcap", { filter: { port: "80", tcpFlags: "syn,!ack" } });
 * for await (const batch of session) {
 *   for (const packet of batch) console.log(packet.timestamp, packet.data);
 * }
 * console.log(session.counters());
 * ```
 *
 * @param file pcap or pcapng, plain or in gzip; "-" is stdin
 * @throws RingcapError USAGE, INPUT; PRIVILEGE or KERNEL only with engine "kernel"; the signal's reason
 */
export async function replay(file: string, options: ReplayOptions = {}): Promise<ReplaySession> {
  return openReplay(inputSource(file), checkReplayOptions(options));
}

/** As replay(), for a sink that needs more than packets. */
export async function replayFor(needs: SinkNeeds, file: string, options: ReplayOptions): Promise<ReplaySession> {
  return openReplay(inputSource(file), checkReplayOptions(options, undefined, needs));
}

export async function openReplay(source: InputSource, settings: ReplaySettings): Promise<ReplaySession> {
  settings.signal?.throwIfAborted();
  const input = await ReplayInput.open(source, settings.signal, settings.takesBlocks);
  try {
    return new ReplaySession(input, new EngineByLinkType(settings, input), settings);
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** A capture file that is put through the filter, made by replay(). It is iterated over once, in batches. */
export class ReplaySession implements PacketSource, AsyncDisposable {
  /** The name of the file as it was given; "standard input" for "-". */
  readonly file: string;
  /** The link type of the packets: of a pcapng file that of its first packet. */
  readonly link: ReplayLinkType;
  /** Of the input's time stamps. */
  readonly precision: TimeStampPrecision;
  /** Bytes of frame check sequence at the end of each packet, where the header of a pcap file tells. */
  readonly fcsLength: number | undefined;
  /** Bytes kept of each packet. */
  readonly snapshotLength: number;
  /** What decides which packets match. "user" is the same filter, compiled for the host. */
  readonly engine: "kernel" | "user";
  /** The program of the kernel; null with the user engine. */
  readonly hook: "xdp" | "tc" | null;
  readonly #input: ReplayInput;
  readonly #engines: EngineByLinkType;
  readonly #settings: ReplaySettings;
  readonly #admission: Admission | undefined;
  #state: "ready" | "iterating" | "closed" = "ready";
  #stopping = false;
  #seen = 0;
  #matched = 0;
  #delivered = 0;

  /** Made by replay(). */
  constructor(input: ReplayInput, engines: EngineByLinkType, settings: ReplaySettings) {
    this.file = input.name;
    this.link = describeLinkType(input.linkType);
    this.precision = input.precision;
    this.fcsLength = input.fcsLength;
    this.snapshotLength = settings.snapshotLength;
    this.engine = engines.first.name;
    this.hook = engines.first.hook;
    this.#input = input;
    this.#engines = engines;
    this.#settings = settings;
    if (thins(settings)) this.#admission = new Admission(settings, () => chanceOf(settings.seed));
  }

  /** The description that a sink gets. */
  get description(): SourceDescription {
    const { file, link, snapshotLength, fcsLength } = this;
    const origins = [{ name: file, index: 0, direction: "in", link } as const];
    return { origins, snapshotLength, fcsLength, hasFileBlocks: this.#input.hasBlocks };
  }

  /**
   * The packets that match, in batches that are valid until the next one is asked for.
   *
   * @throws RingcapError INPUT after the packets before the fault; INTERNAL when the kernel's counters say otherwise
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<PacketBatch, void, undefined> {
    if (this.#state !== "ready") throw onceError("iterate over a session");
    this.#state = "iterating";
    const { signal } = this.#settings;
    const onAbort = () => this.requestStop();
    signal?.addEventListener("abort", onAbort);
    try {
      let lastTurn = performance.now();
      for await (const input of this.#input.batches()) {
        const batch = this.#decide(input);
        const isEnough = this.#delivered >= this.#settings.count;
        batch.fileBlocks = input.blocksOf?.(batch, isEnough);
        if (batch.count > 0 || batch.fileBlocks !== undefined) yield batch;
        if (performance.now() - lastTurn > TURN_MILLISECONDS) {
          await nextTurn();
          lastTurn = performance.now();
        }
        if (this.#stopping || signal?.aborted || isEnough) break;
      }
      this.#engines.verify();
      if (this.#input.trailingGarbage)
        this.#settings.onNote(`ignored what stands behind the gzip data of ${this.file}`);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      await this.close();
    }
  }

  /** Returns the packets that match and are not left out, up to the wanted number. */
  #decide(input: InputBatch): PacketBatch {
    const wanted = this.#settings.count - this.#delivered;
    const { packets, batch } = this.#engines.run(input, this.#admission === undefined ? wanted : Infinity);
    if (this.#admission === undefined) {
      this.#seen += packets;
      this.#matched += batch.count;
      this.#delivered += batch.count;
      return batch;
    }
    const thinned = batch.thin(this.#admission, wanted);
    // Numbers of packets are modulo 2^32. What follows the last wanted packet was not seen.
    this.#seen += thinned.admitted < wanted ? packets : (thinned.lastNumber - this.#seen) >>> 0;
    this.#matched += thinned.records;
    this.#delivered += thinned.admitted;
    return thinned.batch;
  }

  /** The capabilities without which a replay cannot go on after the process has given up its privileges. */
  prepareForFewerPrivileges(): Capability[] {
    return this.engine === "kernel" ? neededForOpenDescriptors() : [];
  }

  /** Ends the replay after its present batch, or at once where it waits for bytes. */
  requestStop(): void {
    this.#stopping = true;
    this.#input.stop();
  }

  /** How far the replay has read, in bytes of the file. */
  progress(): { position: number; size: number; packets: number } {
    return { position: this.#input.position, size: this.#input.size, packets: this.#seen };
  }

  counters(): ReplayCounters {
    return {
      seen: this.#seen,
      matched: this.#matched,
      sampledOut: this.#admission?.sampledOut ?? 0,
      rateLimited: this.#admission?.rateLimited ?? 0,
      ringDropped: 0,
      overLimit: 0,
      delivered: this.#delivered,
      decidedOnHost: this.#engines.decidedOnHost,
    };
  }

  /** Closes the file, of a session that is not iterated over to its end. Calling it again does nothing. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#engines.close();
    await this.#input.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
