/** Keeps events in a spool until a server has them, and sends them in their order, one after the other. */
import { setTimeout as after } from "node:timers/promises";
import type { NatsLibrary } from "../nats/library.ts";
import { type EventLine, withinBytes } from "./event-line.ts";
import { EventServer } from "./event-server.ts";
import type { ShipReport, ShipSettings, Trouble } from "./protocol.ts";
import { Spool } from "./spool.ts";
import { mayHaveSpool } from "./spool-files.ts";
import { SpoolTaken, serverTrouble, spoolTrouble } from "./trouble.ts";

/** Milliseconds before the first further attempt, and at most. */
const WAIT_FIRST = 500;
const WAIT_MOST = 15_000;
/** Bytes of events that are in memory while the spool cannot be written. */
const MEMORY = 1 << 20;
/** Milliseconds between two attempts to write the spool. */
const SPOOL_PAUSE = 1000;
/** Milliseconds for which the process that was killed before this one may still have the spool. */
const LOCK_PATIENCE = 3000;
/** Milliseconds between two reports of counts. */
const REPORT_PAUSE = 200;

export class Shipper {
  readonly #settings: ShipSettings;
  readonly #library: NatsLibrary;
  readonly #server: EventServer;
  readonly #report: (report: ShipReport) => void;
  readonly #troubles = new Map<Trouble["about"], Set<string>>();
  #spool: Spool | undefined;
  /** Events that the spool could not take. */
  #unwritten: readonly EventLine[] = [];
  /** Whether the first event of the watch came from the watch itself, so that the spool can have none that goes before what is in memory. */
  #hasFirst = false;
  readonly #startedAt = performance.now();
  #retry: NodeJS.Timeout | undefined;
  #published = 0;
  #dropped = 0;
  /** The last number that was taken from the watch. */
  #taken = 0;
  #ending = new AbortController();
  #wake = () => {};
  #reporting: NodeJS.Timeout | undefined;

  /** @param answer milliseconds that the server may take to answer */
  constructor(settings: ShipSettings, library: NatsLibrary, report: (report: ShipReport) => void, answer?: number) {
    this.#settings = settings;
    this.#library = library;
    this.#report = report;
    this.#server = new EventServer(settings.access, settings.subject, library, answer);
    this.#keep([]);
  }

  /** Takes events, which are in the spool when the call returns if it can be written. */
  take(lines: readonly EventLine[]): void {
    const added = lines.filter(({ watch, sequence }) => watch !== this.#settings.watch || sequence > this.#taken);
    this.#hasFirst ||= lines.some(({ watch, sequence }) => watch === this.#settings.watch && sequence === 1);
    for (const { sequence } of added) this.#taken = Math.max(this.#taken, sequence);
    this.#keep(added);
    this.#wake();
  }

  /** Writes what is there to the spool. What fails is tried again without being asked. */
  #keep(added: readonly EventLine[]): void {
    const waiting = [...this.#unwritten, ...added];
    clearTimeout(this.#retry);
    try {
      this.#open().append(waiting);
      this.#unwritten = [];
      this.#over("spool");
      this.#wake();
    } catch (error) {
      const { stay, dropped } = withinBytes(waiting, MEMORY);
      this.#unwritten = stay;
      this.#dropped += dropped.length;
      this.#retry = setTimeout(() => this.#keep([]), SPOOL_PAUSE);
      const mayEndSoon = error instanceof SpoolTaken && performance.now() - this.#startedAt < LOCK_PATIENCE;
      if (!mayEndSoon) this.#trouble(spoolTrouble(error, this.#settings.spool), "spool");
    }
    this.#reportSoon();
  }

  #open(): Spool {
    if (this.#spool !== undefined) return this.#spool;
    const { spool: path, size, watch } = this.#settings;
    const spool = Spool.open(path, size);
    if (spool === undefined) throw new SpoolTaken("another process has it");
    this.#spool = spool;
    this.#taken = Math.max(this.#taken, spool.lastOf(watch));
    return spool;
  }

  get #next(): EventLine | undefined {
    // What a spool has that cannot be opened goes before what is in memory.
    if (this.#spool === undefined && !this.#hasFirst && mayHaveSpool(this.#settings.spool)) return undefined;
    return this.#spool?.first ?? this.#unwritten[0];
  }

  /** Sends until it is ended, and then what is left as far as the server takes it. It never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    let wait = WAIT_FIRST;
    let failures = 0;
    /** The number of the last event that the server has of a watch; undefined before the server was asked. */
    let known: { readonly watch: string; readonly last: number } | undefined;
    for (;;) {
      const line = this.#next;
      if (line === undefined) {
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const isLast = signal.aborted;
      try {
        if (known?.watch !== line.watch) known = { watch: line.watch, last: await this.#lastStored(line) };
        if (line.sequence > known.last) await this.#server.publish(line);
        this.#sent(line);
        [wait, failures] = [WAIT_FIRST, 0];
      } catch (error) {
        // Whether the server has the event is not known, and asked when it answers again.
        known = undefined;
        const { isLost } = this.#server;
        this.#server.close();
        // A connection that was lost may be made anew at once, and then nothing is to be told.
        if (failures++ === 0 && isLost && !isLast) continue;
        const trouble = serverTrouble(error, this.#settings.access, this.#library);
        this.#trouble(trouble, trouble.hint);
        if (isLast) return;
        await after(wait, undefined, { signal }).catch(() => {});
        wait = Math.min(wait * 2, WAIT_MOST);
      }
    }
  }

  /** The number up to which the server has the events of a watch: of a line that is one of those here, byte for byte. */
  async #lastStored(line: EventLine): Promise<number> {
    const stored = await this.#server.lastStored(line);
    const isHere = (other: EventLine) =>
      this.#spool?.has(other) === true || this.#unwritten.some(({ text }) => text === other.text);
    return Math.max(0, ...stored.filter(isHere).map(({ sequence }) => sequence));
  }

  #sent(line: EventLine): void {
    if (!this.#spool?.remove(line)) this.#unwritten = this.#unwritten.filter((other) => other !== line);
    this.#published++;
    this.#over("server");
    if (this.#next === undefined) this.#reportNow();
    else this.#reportSoon();
  }

  /** Tells a trouble once, and another one of the same while it lasts. */
  #trouble(trouble: Trouble, kind: string): void {
    const told = this.#troubles.get(trouble.about) ?? new Set();
    this.#troubles.set(trouble.about, told);
    if (told.has(kind)) return;
    told.add(kind);
    this.#report({ say: "trouble", ...trouble });
  }

  #over(about: Trouble["about"]): void {
    if (!this.#troubles.delete(about)) return;
    this.#reportNow();
    this.#report({ say: "over", about });
  }

  #reportSoon(): void {
    this.#reporting ??= setTimeout(() => this.#reportNow(), REPORT_PAUSE);
  }

  #reportNow(): void {
    clearTimeout(this.#reporting);
    this.#reporting = undefined;
    const [first] = this.#unwritten.filter(({ watch }) => watch === this.#settings.watch);
    this.#report({
      say: "counts",
      kept: first === undefined ? this.#taken : first.sequence - 1,
      published: this.#published,
      events: (this.#spool?.events ?? 0) + this.#unwritten.length,
      bytes: (this.#spool?.unsent ?? 0) + this.#unwritten.reduce((sum, { bytes }) => sum + bytes, 0),
      dropped: this.#dropped + (this.#spool?.dropped ?? 0),
    });
  }

  /** Nothing more is taken. run() ends when all is sent, or with the next failure. */
  end(): void {
    this.#ending.abort();
    this.#wake();
  }

  /** Leaves what is there for the next process. */
  close(): void {
    if (this.#unwritten.length > 0) this.#keep([]);
    clearTimeout(this.#retry);
    this.#dropped += this.#unwritten.length;
    this.#unwritten = [];
    this.#reportNow();
    this.#server.close();
    this.#spool?.close();
  }
}
