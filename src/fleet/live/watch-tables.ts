/** The tables of a watch: its seconds, its heaviest keys and its incidents. */
import type { IncidentReport } from "../../flood/incident-report.ts";
import type { WatchSession } from "../../flood/watch-settings.ts";
import type { TrafficWindow } from "../../packets/traffic-counts.ts";
import { incidentRecord } from "./incident-record.ts";
import type { TimedRecord } from "./live-table.ts";
import type { LiveTables } from "./live-tables.ts";
import { SecondRows } from "./second-rows.ts";
import { TalkerRows } from "./talker-rows.ts";

/** Keys of a window, as a watch asks for them. */
const KEYS = 100;

export class WatchTables {
  readonly #tables: LiveTables;
  readonly #time: () => bigint;
  readonly #seconds = new SecondRows();
  readonly #talkers = new TalkerRows();

  /** @param time nanoseconds since the epoch */
  constructor(tables: LiveTables, time: () => bigint) {
    this.#tables = tables;
    this.#time = time;
    tables.beforeFiles = () => {
      this.#addSeconds(this.#seconds.rest(time()));
      this.#addTalkers(this.#talkers.rest(time()));
    };
  }

  /** Is called at each look at a capture. @throws RingcapError KERNEL when the kernel does not tell its counts */
  look(session: WatchSession): void {
    this.#addSeconds(this.#seconds.look(this.#time(), session));
  }

  /** Takes the heaviest keys of a window that has ended. */
  takeWindow(window: TrafficWindow): void {
    this.#addTalkers(this.#talkers.add(window));
  }

  /** A capture has ended. @throws RingcapError KERNEL when the kernel did not tell its counts */
  endCapture(session: WatchSession): void {
    this.#seconds.end(session);
    if (session.counts !== undefined) this.takeWindow(session.counts.window(KEYS));
  }

  takeIncident(report: IncidentReport): void {
    this.#tables.add("incidents", incidentRecord(report));
  }

  /** Resolves when all is on the disk. @returns the rows that are in no file */
  async close(): Promise<number> {
    this.#addSeconds(this.#seconds.close());
    this.#addTalkers(this.#talkers.close());
    await this.#tables.close();
    return this.#tables.lost;
  }

  #addSeconds(rows: readonly TimedRecord[]): void {
    for (const row of rows) this.#tables.add("seconds", row);
  }

  #addTalkers(rows: readonly TimedRecord[]): void {
    for (const row of rows) this.#tables.add("talkers", row);
  }
}
