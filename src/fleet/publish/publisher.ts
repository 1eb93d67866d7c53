/**
 * The end of the watch at which events go in: they are handed to a process that puts them on the disk and sends them. Nothing of it
 * waits, and what the process has not put on the disk yet is kept in memory, within a bound, for the next process where it ends.
 */
import type { FleetEvent } from "../events/fleet-event.ts";
import { type EventLine, eventLine, withinBytes } from "./event-line.ts";
import { parseReport, type ShipReport, type ShipSettings, type Trouble } from "./protocol.ts";
import { ShipProcess } from "./ship-process.ts";

export interface PublishCounts {
  /** Events that the server has. */
  readonly published: number;
  /** Events that wait for the server, and their bytes. */
  readonly spooled: number;
  readonly bytes: number;
  /** Events that had no room, or were lost with a process. */
  readonly dropped: number;
}

export type PublishTelling =
  | ({ readonly kind: "trouble" } & Trouble)
  | { readonly kind: "over"; readonly about: Trouble["about"]; readonly counts: PublishCounts }
  /** The process has ended by itself, and another one is started. It is told once until one has lasted. */
  | { readonly kind: "process ended"; readonly reason: string };

export interface PublisherOptions {
  /** What is run, with its words. */
  readonly program: string;
  readonly words: readonly string[];
  readonly settings: ShipSettings;
  readonly tell: (telling: PublishTelling) => void;
}

/** Bytes of events in memory. */
const MEMORY = 1 << 20;
/** Milliseconds before a process is started again, at first and at most, and after which one has proved itself. */
const RESTART_FIRST = 500;
const RESTART_MOST = 60_000;
const PROVED = 60_000;
/** Milliseconds that the end may take: what the process takes at most, and a little more. */
const CLOSE = 3000;

const NOTHING = { published: 0, events: 0, bytes: 0, dropped: 0 };

export class Publisher {
  readonly #options: PublisherOptions;
  /** Events that are not on the disk yet. The first `#handed` of them are on the way. */
  #lines: readonly EventLine[] = [];
  #handed = 0;
  #process: ShipProcess | undefined;
  #startedAt = 0;
  #restart: { timer: NodeJS.Timeout; begin: () => void } | undefined;
  #wait = RESTART_FIRST;
  #isClosing = false;
  #isEndTold = false;
  /** Of the present process, and of those before. */
  #present = NOTHING;
  #past = { published: 0, dropped: 0 };
  #dropped = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  get counts(): PublishCounts {
    const { published, events, bytes, dropped } = this.#present;
    return {
      published: published + this.#past.published,
      spooled: events + this.#lines.length,
      bytes: bytes + this.#lines.reduce((sum, line) => sum + line.bytes, 0),
      dropped: dropped + this.#past.dropped + this.#dropped,
    };
  }

  /** Starts the process, with the rights that this one has. */
  start(): void {
    const { program, words, settings } = this.#options;
    this.#startedAt = performance.now();
    this.#handed = 0;
    this.#process = new ShipProcess(program, words, {
      onLine: (line) => this.#read(line),
      onDrained: () => this.#handOver(),
      onEnded: (reason) => this.#ended(reason),
    });
    this.#process.write(`${JSON.stringify(settings)}\n`);
    this.#handOver();
  }

  /** Takes an event. It returns at once and never throws. */
  publish(event: FleetEvent): void {
    const { stay, dropped } = withinBytes([...this.#lines, eventLine(event)], MEMORY, this.#handed);
    this.#lines = stay;
    this.#dropped += dropped.length;
    this.#handOver();
  }

  #handOver(): void {
    for (const line of this.#lines.slice(this.#handed)) {
      if (!this.#process?.hasRoom) return;
      this.#process.write(`${line.text}\n`);
      this.#handed++;
    }
  }

  #read(text: string): void {
    const report = reportIn(text);
    if (report === undefined) return;
    if (report.say === "counts") {
      this.#present = report;
      const before = this.#lines.length;
      this.#lines = this.#lines.filter(({ sequence }) => sequence > report.kept);
      this.#handed = Math.max(0, this.#handed - (before - this.#lines.length));
    } else if (report.say === "trouble") this.#options.tell({ ...report, kind: "trouble" });
    else this.#options.tell({ kind: "over", about: report.about, counts: this.counts });
  }

  #ended(reason: string): void {
    const { published, dropped } = this.#present;
    this.#past = { published: this.#past.published + published, dropped: this.#past.dropped + dropped };
    // What it has left in the spool is counted again by the next process.
    this.#present = { ...this.#present, published: 0, dropped: 0 };
    this.#process = undefined;
    if (this.#isClosing) return;
    if (performance.now() - this.#startedAt > PROVED) [this.#wait, this.#isEndTold] = [RESTART_FIRST, false];
    if (!this.#isEndTold) this.#options.tell({ kind: "process ended", reason });
    this.#isEndTold = true;
    const begin = () => {
      this.#restart = undefined;
      this.start();
    };
    this.#restart = { timer: setTimeout(begin, this.#wait).unref(), begin };
    this.#wait = Math.min(this.#wait * 2, RESTART_MOST);
  }

  /** Waits a limited time until what is there is sent. What is left then is in the spool. It never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#restart !== undefined) {
      clearTimeout(this.#restart.timer);
      if (this.#lines.length > 0) this.#restart.begin();
    }
    const process = this.#process;
    if (process !== undefined) {
      const late = setTimeout(() => process.kill(), CLOSE);
      for (const line of this.#lines.slice(this.#handed)) process.write(`${line.text}\n`);
      this.#handed = this.#lines.length;
      process.end();
      await process.ended;
      clearTimeout(late);
    }
    this.#dropped += this.#lines.length;
    this.#lines = [];
  }

  /** Ends the process at once, for which a close() that waits for it ends too. */
  abandon(): void {
    this.#isClosing = true;
    clearTimeout(this.#restart?.timer);
    this.#restart = undefined;
    this.#process?.kill();
  }
}

/** What another program prints on the way, such as a warning of Node.js, says nothing here. */
function reportIn(text: string): ShipReport | undefined {
  try {
    return parseReport(text);
  } catch {
    return undefined;
  }
}
