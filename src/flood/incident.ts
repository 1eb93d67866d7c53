/** One incident: its directory, what goes into its files, and how much of the flood is recorded. */
import { RingcapError, reasonOf } from "../errors.ts";
import { FileStatistics } from "../outputs/pcapng-statistics.ts";
import type { CaptureCounters } from "../packets/captured.ts";
import type { TrafficWindow } from "../packets/traffic-counts.ts";
import { outputError } from "../pcap-writer/index.ts";
import { hashFiles } from "./hash-files.ts";
import { IncidentDirectory } from "./incident-directory.ts";
import { IncidentFiles } from "./incident-files.ts";
import { type MakePage, type PageReport, pageOf } from "./incident-page.ts";
import {
  type FileReport,
  type IncidentEnd,
  type IncidentFacts,
  type IncidentReport,
  incidentPackets,
  incidentReport,
  type SamplingStep,
} from "./incident-report.ts";
import { countersOf, type IncidentLimits, type IncidentPlace, type IncidentStart } from "./incident-start.ts";
import { HeldRules } from "./incident-triggers.ts";
import type { Firing } from "./observation.ts";
import { firstTime, lastTime, type PacketRow } from "./packet-row.ts";
import { SamplingPolicy } from "./sampling-policy.ts";
import { SamplingSteps } from "./sampling-steps.ts";
import { difference, type Mark, statisticsMark } from "./second-marks.ts";
import { SizeBudget } from "./size-budget.ts";
import { TopKeys } from "./top-keys.ts";

export class Incident {
  readonly directory: IncidentDirectory;
  readonly rules = new HeldRules();
  readonly policy = new SamplingPolicy();
  /** What kept packets from being written. The incident is over with it. */
  failure: RingcapError | undefined;
  readonly #limits: () => IncidentLimits;
  readonly #start: IncidentStart;
  readonly #makePage: MakePage | undefined;
  readonly #files: IncidentFiles;
  readonly #top: TopKeys;
  readonly #steps: SamplingSteps;
  readonly #forgotten: number;
  #heldAt: number;
  #span: { first: bigint; last: bigint } | undefined;
  readonly #budget: SizeBudget;

  /** Makes the directory and the first file. @throws RingcapError OUTPUT; nothing is left behind in that case */
  constructor(place: IncidentPlace, limits: () => IncidentLimits, start: IncidentStart) {
    this.#limits = limits;
    this.#start = start;
    this.#makePage = place.makePage;
    this.#heldAt = start.elapsed;
    this.#budget = new SizeBudget(() => limits().size);
    this.#top = new TopKeys(start.since.time);
    this.#steps = new SamplingSteps(start.since.time);
    this.rules.note(start.firings, start.time);
    const delivered = (countersOf(this.#start)?.delivered ?? 0) - start.since.counters.delivered;
    this.#forgotten = Math.max(0, delivered - start.history.packets);
    this.directory = IncidentDirectory.create(place.base, place.name, place.trusted);
    let files: IncidentFiles | undefined;
    try {
      files = new IncidentFiles(this.directory.partialPath, {
        description: start.description,
        counters: () => countersOf(this.#start),
        statistics: new FileStatistics(statisticsMark(start.since)),
        splitSize: limits().splitSize,
        comment: `ringcap incident ${this.directory.name}: ${start.firings.map(({ rule }) => rule).join(", ")}`,
      });
      this.#files = files;
      this.directory.writeReport(`${JSON.stringify(this.report, null, 2)}\n`);
    } catch (error) {
      files?.release();
      this.directory.discard();
      throw error;
    }
  }

  get name(): string {
    return this.directory.name;
  }

  /** Packets and bytes that are in its files for certain. */
  get packets(): number {
    return this.#files.packets;
  }
  get bytes(): number {
    return this.#files.bytes;
  }

  /** The mark from which on it counts. */
  get since(): Mark {
    return this.#start.since;
  }

  get beganAt(): bigint {
    return this.#start.time;
  }

  /** Packets that were beyond its size, and those that could not be written, when it has ended. */
  get overSize(): number {
    return this.#budget.overSize;
  }
  get writeFailed(): number {
    return this.#budget.packets - this.packets;
  }

  /** Notes the rules that hold. @returns those that had not held before */
  hold(firings: readonly Firing[], elapsed: number, time: bigint): Firing[] {
    if (firings.length > 0) this.#heldAt = elapsed;
    this.#budget.pass(elapsed - this.#start.elapsed);
    return this.rules.note(firings, time);
  }

  count(window: TrafficWindow): void {
    this.#top.add(window);
  }

  /** Why it ends at the moment; undefined while it goes on. */
  endAt(elapsed: number): IncidentEnd | undefined {
    if (this.failure !== undefined) return "failed";
    if (elapsed - this.#start.elapsed >= this.#limits().longest) return "longest time";
    return elapsed - this.#heldAt >= this.#limits().after ? "over" : undefined;
  }

  /** Writes packets, whose memory may be used again when the call returns, or when its promise resolves. It never throws: see `failure`. */
  write(row: PacketRow): void | Promise<void> {
    const fitting = this.#budget.take(row, this.#steps.isSampled);
    if (fitting.packets === 0 || this.failure !== undefined) return;
    this.#span = { first: this.#span?.first ?? firstTime(fitting.bytes), last: lastTime(fitting.bytes) };
    if (this.#steps.coming.length > 0) return this.#guard(() => this.#writeInSteps(fitting));
    this.#steps.count(fitting);
    return this.#guard(() => this.#files.write(fitting));
  }

  async #writeInSteps(row: PacketRow): Promise<void> {
    for (const part of this.#steps.part(row)) {
      if (part.begins !== undefined) await this.#remark(part.begins);
      if (part.packets > 0) await this.#files.write(part);
    }
  }

  /** Puts into the file that the sampling changes. */
  #remark({ time, oneIn }: SamplingStep): void | Promise<void> {
    const what = oneIn === 1 ? "every packet" : `one packet in ${oneIn}`;
    return this.#files.remark(time, `${what} is recorded from here on`);
  }

  #guard(work: () => void | Promise<void>): void | Promise<void> {
    try {
      return work()?.catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.failure ??= error instanceof RingcapError ? error : outputError(this.directory.partialPath, error);
  }

  /**
   * Decides how much is recorded from now on.
   *
   * @param bytesPerSecond that all matching packets would take @param waiting bytes that still wait in the history
   * @returns one packet in so many; undefined where it stays
   */
  sample(elapsed: number, bytesPerSecond: number, waiting: number): number | undefined {
    const { longest } = this.#limits();
    const bytesLeft = this.#budget.left(waiting);
    const state = { elapsed: elapsed - this.#start.elapsed, longest, bytesLeft, bytesPerSecond };
    return this.policy.decide(state) ? this.policy.oneIn : undefined;
  }

  /** Packets from that time on were recorded by what was decided last. @param time nanoseconds since the epoch */
  beginStep(time: bigint): void {
    this.#steps.add(time, this.policy.oneIn);
  }

  /**
   * Ends the files, writes the report, and gives the directory its name. It never rejects: see `failure`, with which
   * the directory may keep its first name.
   */
  async end(why: IncidentEnd, elapsed: number, time: bigint, marks: readonly Mark[]): Promise<IncidentReport> {
    const counters = countersOf(this.#start);
    try {
      if (this.failure === undefined) for (const step of this.#steps.coming) await this.#remark(step);
      await this.#files.finish();
    } catch (error) {
      this.#fail(error);
    }
    const files = await hashFiles(this.directory.partialPath, this.#files.written);
    const error = this.failure === undefined ? undefined : reasonOf(this.failure);
    const ended = { time, why: error === undefined ? why : "failed", error } as const;
    const facts = this.#facts(counters, elapsed, marks, files, ended);
    const report = incidentReport({ ...facts, page: await this.#page(facts) });
    try {
      await this.directory.finish(`${JSON.stringify(report, null, 2)}\n`);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.directory.close();
    }
    return report;
  }

  /** The page is made of the files and of an incident.json without it. */
  async #page(facts: IncidentFacts): Promise<PageReport | undefined> {
    if (this.#makePage === undefined || this.failure !== undefined) return undefined;
    this.#guard(() => this.directory.writeReport(`${JSON.stringify(incidentReport(facts), null, 2)}\n`));
    return pageOf(this.directory.partialPath, this.#makePage);
  }

  /** The report of the beginning. */
  get report(): IncidentReport {
    const { since, elapsed } = this.#start;
    return incidentReport(this.#facts(countersOf(this.#start), elapsed, [since], [], undefined));
  }

  #facts(
    counters: CaptureCounters | undefined,
    elapsed: number,
    marks: readonly Mark[],
    files: readonly FileReport[],
    ended: IncidentFacts["ended"],
  ): IncidentFacts {
    const { facts, time, history, since } = this.#start;
    return {
      name: this.directory.name,
      watch: facts,
      triggeredAt: time,
      ended,
      seconds: elapsed - this.#start.elapsed,
      rules: this.rules.list,
      unlistedRules: this.rules.unlisted,
      packets: incidentPackets(difference(counters ?? since.counters, since.counters), {
        overSize: this.overSize,
        written: this.packets,
        writeFailed: this.writeFailed,
        forgotten: this.#forgotten,
      }),
      bytes: this.bytes,
      history: { wantedSeconds: this.#limits().before, ...history },
      span: this.#span,
      sampling: this.#steps.all,
      marks,
      top: this.#top.top(),
      files,
    };
  }
}
