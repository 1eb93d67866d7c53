/**
 * What becomes of the packets of a watch: they go into the history, and with an incident from the history into its
 * files. While an incident begins, new packets go through the history behind those that wait in it.
 */
import { RingcapError, reasonOf } from "../errors.ts";
import type { BlockInterfaces } from "../native/pack-blocks.ts";
import { blockInterfaces } from "../outputs/block-section.ts";
import { BLOCKS_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import type { TrafficWindow } from "../packets/traffic-counts.ts";
import { ArrivalRate } from "./arrival-rate.ts";
import { HandOver } from "./hand-over.ts";
import { History } from "./history.ts";
import { Incident } from "./incident.ts";
import { incidentName } from "./incident-name.ts";
import type { IncidentEnd } from "./incident-report.ts";
import type { IncidentLimits } from "./incident-start.ts";
import type { Firing } from "./observation.ts";
import type { PacketRow } from "./packet-row.ts";
import { RecentWindows } from "./recent-windows.ts";
import type { RecordedSession, RecorderOptions } from "./recorder-options.ts";
import { type Mark, SecondMarks } from "./second-marks.ts";
import { SpentRules } from "./spent-rules.ts";

/** The part of an incident's bytes beyond which the rate is measured sooner. */
const URGENT_PART = 1 / 32;

export class Recorder {
  readonly history: History;
  readonly #options: RecorderOptions;
  readonly #handOver: HandOver;
  #limits: IncidentLimits;
  readonly #marks: SecondMarks;
  readonly #blocks = new Uint8Array(BLOCKS_SIZE);
  readonly #rate = new ArrivalRate();
  #session: RecordedSession | undefined;
  #interfaces: BlockInterfaces | undefined;
  #incident: Incident | undefined;
  /** Incidents that are being ended. */
  readonly #ending = new Set<Promise<void>>();
  readonly #spent: SpentRules;
  #isOverflowTold = false;
  readonly #windows: RecentWindows;
  /** What became of the packets of ended incidents. */
  readonly counts = { incidents: 0, failed: 0, packets: 0, bytes: 0, writeFailed: 0, overSize: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#limits = { ...options };
    this.history = new History(options.historySize, options.before);
    this.#handOver = new HandOver(this.history, options.clock);
    this.#marks = new SecondMarks(options.before + 2);
    this.#spent = new SpentRules(options.after);
    this.#windows = new RecentWindows(options.before);
  }

  /** Sets seconds, also for an incident that goes on. */
  setTimes(times: Pick<IncidentLimits, "after" | "longest">): void {
    this.#limits = { ...this.#limits, ...times };
    this.#spent.after = times.after;
  }

  get incident(): Incident | undefined {
    return this.#incident;
  }

  /** The packets of a capture follow. */
  begin(session: RecordedSession): void {
    this.#session = session;
    this.#interfaces = blockInterfaces(session.description, new Uint32Array(session.description.origins.length));
    this.#marks.clear();
    this.#windows.take();
    this.#rate.reset();
  }

  /** Takes a whole batch before it returns, or before its promise resolves. Failures are the incident's. */
  write(batch: PacketBatch): void | Promise<void> {
    if (this.#interfaces === undefined) throw new Error("a recorder is written to before it has begun");
    const { blocks } = batch.packBlocks(this.#blocks, this.#interfaces, { unit: 1, repair: false });
    const row = { bytes: blocks, packets: batch.count };
    this.#rate.note(blocks.length, batch.count);
    const incident = this.#incident;
    if (incident === undefined) {
      this.#remember(row);
      return;
    }
    return this.history.packets === 0 ? incident.write(row) : this.#handOver.queue(row, incident);
  }

  #remember(row: PacketRow): void {
    const { clock } = this.#options;
    this.history.push(row, clock.elapsed(), clock.time());
  }

  /**
   * Looks at the rules that hold, begins and ends incidents, and hands over a part of what waits in the history.
   *
   * @param window of the tables, when it has ended
   */
  async look(firings: readonly Firing[], window: TrafficWindow | undefined): Promise<void> {
    const { clock, tell } = this.#options;
    const [elapsed, time] = [clock.elapsed(), clock.time()];
    this.#marks.look({ elapsed, time }, () => this.#mark());
    const { matched = 0 } = this.#session?.counters() ?? {};
    const isMeasured = this.#rate.look(elapsed, matched, this.#limits.size * URGENT_PART);
    const incident = this.#incident;
    if (incident === undefined) {
      this.history.expire(elapsed);
      this.#tellOfOverflow();
      this.#windows.add(window);
      if (this.#spent.mayBegin(firings, elapsed)) this.#begin(firings, elapsed, time);
      if (this.#incident !== undefined) this.#sample(this.#incident, elapsed);
      return;
    }
    const added = incident.hold(firings, elapsed, time);
    if (added.length > 0) tell({ event: "trigger", incident: incident.name, triggers: added });
    if (window !== undefined) incident.count(window);
    await this.#handOver.step(incident);
    if (isMeasured) this.#sample(incident, elapsed);
    const why = incident.endAt(elapsed);
    if (why !== undefined) await this.#end(why, firings);
  }

  #mark(): Mark {
    const { clock, pressure } = this.#options;
    const session = this.#session;
    if (session === undefined) throw new Error("a recorder looks before it has begun");
    const { interfaceCounters } = session.description;
    return {
      elapsed: clock.elapsed(),
      time: clock.time(),
      counters: session.counters(),
      totals: session.totals(),
      interfaces: interfaceCounters?.() ?? new Map(),
      pressure: pressure?.(),
    };
  }

  /** Says once that the history is too small for the time that is asked for. */
  #tellOfOverflow(): void {
    const { history } = this;
    if (history.overflowed === 0 || this.#isOverflowTold) return;
    this.#isOverflowTold = true;
    const seconds = history.reach(this.#options.clock.elapsed());
    this.#options.tell({ event: "history-short", seconds, packets: history.overflowed });
  }

  #begin(firings: readonly Firing[], elapsed: number, time: bigint): void {
    const { directory, trusted, tell, makePage } = this.#options;
    const { history } = this;
    const session = this.#session;
    history.trim(elapsed);
    const since = this.#marks.before(elapsed - history.age(elapsed, time)) ?? this.#mark();
    const name = incidentName(time, firings);
    this.counts.incidents++;
    if (session === undefined) throw new Error("an incident begins before the capture");
    try {
      const incident = new Incident({ base: directory, name, trusted, makePage }, () => this.#limits, {
        elapsed,
        time,
        firings,
        history: { packets: history.packets, bytes: history.bytes, seconds: history.reach(elapsed) },
        description: session.description,
        counters: () => session.counters(),
        facts: session.facts,
        since,
      });
      this.#incident = incident;
      for (const window of this.#windows.take()) incident.count(window);
      this.#marks.pin(since);
      const { report } = incident;
      const { partialPath } = incident.directory;
      tell({ event: "incident-began", incident: name, directory: partialPath, triggers: firings, report });
    } catch (error) {
      this.counts.failed++;
      this.#spent.spend(firings, elapsed);
      const hint = error instanceof RingcapError ? error.hint : undefined;
      tell({ event: "incident-failed", incident: name, reason: reasonOf(error), hint, triggers: firings });
    }
  }

  /** A step begins when the kernel has been told of it, so that its packets times its factor are all that came in it. */
  #sample(incident: Incident, elapsed: number): void {
    const oneIn = incident.sample(elapsed, this.#rate.bytesPerSecond, this.history.bytes);
    if (oneIn === undefined) return;
    this.#session?.setSampling(oneIn);
    incident.beginStep(this.#options.clock.time());
    this.#options.tell({ event: "sampling", incident: incident.name, oneIn });
  }

  /** Ends the incident. Its files are put on the disk while the capture goes on. */
  async #end(why: IncidentEnd, firings: readonly Firing[] = []): Promise<void> {
    const incident = this.#incident;
    if (incident === undefined) return;
    const { clock } = this.#options;
    if (incident.policy.oneIn > 1) this.#session?.setSampling(1);
    await this.#handOver.all(incident);
    this.#incident = undefined;
    const window = this.#session?.window();
    if (window !== undefined) incident.count(window);
    const [elapsed, time] = [clock.elapsed(), clock.time()];
    const marks = [...this.#marks.since(incident.since), this.#mark()];
    this.#marks.release();
    this.#spent.spend(firings, elapsed);
    const ended = this.#finish(incident, why, elapsed, time, marks);
    this.#ending.add(ended);
    void ended.finally(() => this.#ending.delete(ended));
  }

  /** Never rejects. */
  async #finish(incident: Incident, why: IncidentEnd, elapsed: number, time: bigint, marks: readonly Mark[]) {
    const { tell, onFinished } = this.#options;
    const report = await incident.end(why, elapsed, time, marks);
    const { counts } = this;
    counts.packets += incident.packets;
    counts.bytes += incident.bytes;
    counts.writeFailed += incident.writeFailed;
    counts.overSize += incident.overSize;
    const { directory, failure, name } = incident;
    if (failure === undefined) {
      tell({ event: "incident-ended", incident: name, directory: directory.path, report });
    } else {
      counts.failed++;
      tell({
        event: "incident-failed",
        incident: name,
        directory: directory.place,
        reason: reasonOf(failure),
        hint: failure.hint,
        report,
      });
    }
    onFinished?.(name);
  }

  /** The capture has ended. What is left of it in the history is forgotten. */
  async endSession(why: IncidentEnd): Promise<void> {
    await this.#end(why);
    this.history.clear();
    this.#session = undefined;
  }

  /** Waits until all incidents have ended. */
  async close(): Promise<void> {
    while (this.#ending.size > 0) await Promise.all(this.#ending);
  }
}
