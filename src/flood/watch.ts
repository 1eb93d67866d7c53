/**
 * The loop of `ringcap watch`: it captures, looks at the counts several times a second, and waits for interfaces that
 * are gone.
 */
import { setTimeout as after } from "node:timers/promises";
import { RingcapError } from "../errors.ts";
import { interfaceIndexOf, listInterfaces } from "../native/system.ts";
import { nearest } from "../options/index.ts";
import type { TrafficWindow } from "../packets/traffic-counts.ts";
import type { WatchFacts } from "./incident-report.ts";
import type { Observation } from "./observation.ts";
import type { WatchOptions, WatchSession } from "./watch-settings.ts";
import { totalsOf, WatchedCounts } from "./watched-counts.ts";

/** Milliseconds between two looks while packets come, and while none do. */
const BUSY_MILLISECONDS = 50;
const IDLE_MILLISECONDS = 500;
/** Nanoseconds. */
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
/** Milliseconds between two looks for an interface. */
const AWAIT_MILLISECONDS = 500;
/** Seconds of a window of the tables. */
const WINDOW_SECONDS = 1;
/** Keys of each table that a window is asked for. */
const KEYS = 100;

export class Watch<Session extends WatchSession = WatchSession> {
  readonly counts = new WatchedCounts();
  readonly #options: WatchOptions<Session>;
  #session: Session | undefined;
  /** The interfaces that are wanted. Those of the default route and of "any" are those of the first capture. */
  #wanted: readonly string[];
  /** The interfaces that are not there, as was told. */
  readonly #awaited = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lookedSecond = -1n;
  #windowAt = 0;
  #matched = 0;
  #isBusy = false;
  /** Matching packets in the last second. */
  packetsPerSecond = 0;
  #second = { elapsed: 0, matched: 0 };

  constructor(options: WatchOptions<Session>) {
    this.#options = options;
    this.#wanted = options.interfaces;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** The interfaces, and whether they are captured. */
  get interfaces(): readonly { readonly name: string; readonly isCaptured: boolean }[] {
    const captured = new Set(this.#session?.interfaces.map(({ name }) => name));
    return this.#wanted.map((name) => ({ name, isCaptured: captured.has(name) }));
  }

  /** Runs until it is stopped. @throws RingcapError of what ends a watch before: what was recorded is on the disk then */
  async run(): Promise<void> {
    const { recorder, stop } = this.#options;
    try {
      while (!stop.aborted) {
        const present = await this.#awaitInterfaces();
        if (present === undefined) break;
        await this.#capture(present);
      }
    } finally {
      await recorder.close();
    }
  }

  /** Returns the wanted interfaces that are there, when one is; undefined where it is stopped before. */
  async #awaitInterfaces(): Promise<readonly string[] | undefined> {
    const { tell, stop } = this.#options;
    if (this.#wanted.length === 0) return [];
    for (;;) {
      const missing = new Set(this.#missing());
      for (const name of missing) {
        if (!this.#awaited.has(name)) tell({ event: "interface-awaited", interface: name, near: nearInterface(name) });
        this.#awaited.add(name);
      }
      const present = this.#wanted.filter((name) => !missing.has(name));
      if (present.length > 0) return present;
      try {
        await after(AWAIT_MILLISECONDS, undefined, { signal: stop });
      } catch {
        return undefined;
      }
    }
  }

  #missing(): string[] {
    const { isPresent = (name: string) => name === "any" || interfaceIndexOf(name) !== undefined } = this.#options;
    return this.#wanted.filter((name) => !isPresent(name));
  }

  async #capture(present: readonly string[]): Promise<void> {
    const { open, onOpen, recorder, stop, tell, command } = this.#options;
    const session = await this.#openOrWait(() => open(present, () => this.#pause()));
    if (session === undefined) return;
    const end = () => session.requestStop();
    stop.addEventListener("abort", end, { once: true });
    // An abort while the programs were attached calls no listener that comes later.
    if (stop.aborted) end();
    try {
      this.#begin(session, command);
      onOpen(session);
      for (const { name } of session.interfaces)
        if (this.#awaited.delete(name)) tell({ event: "interface-back", interface: name });
      if (this.#wanted.length === 0 || this.#wanted.includes("any")) {
        this.#wanted = session.interfaces.map(({ name }) => name);
      }
      await this.#look(session);
      for await (const batch of session.batches()) {
        if (batch.count > 0) await recorder.write(batch);
        await this.#lookIfDue(session);
      }
      await this.#end("watch stopped", session);
    } catch (error) {
      session.requestStop();
      const isGone = error instanceof RingcapError && error.code === "INTERFACE_REMOVED";
      // What fails here comes of the same cause, and the first error is the one that tells it.
      await this.#end(isGone ? "interface gone" : "watch stopped", session).catch(() => {});
      if (!isGone) {
        await session.removed().catch(() => {});
        throw error;
      }
      for (const name of this.#missing()) {
        tell({ event: "interface-gone", interface: name });
        this.#awaited.add(name);
      }
      const why = stop.aborted ? undefined : this.#options.cannotReopen?.();
      if (why !== undefined) throw withHint(error, why);
    } finally {
      stop.removeEventListener("abort", end);
    }
    await session.removed().catch(() => {});
  }

  /** An interface may go between the look at it and the capture. */
  async #openOrWait(open: () => Promise<Session>): Promise<Session | undefined> {
    try {
      return await open();
    } catch (error) {
      const isGone = error instanceof RingcapError && error.code.startsWith("INTERFACE") && this.#missing().length > 0;
      if (isGone) return undefined;
      throw error;
    }
  }

  #begin(session: Session, command: readonly string[]): void {
    const { description, interfaces } = session;
    const facts: WatchFacts = {
      command,
      filter: description.filter,
      snapshotLength: description.snapshotLength,
      interfaces,
    };
    this.#session = session;
    this.counts.begin(session);
    this.#options.triggers.begin();
    this.#options.recorder.begin({
      description,
      facts,
      counters: () => session.counters(),
      totals: () => totalsOf(session),
      window: () => session.counts?.window(KEYS),
      setSampling: (oneIn) => session.setSampling?.(oneIn),
    });
  }

  async #end(why: "watch stopped" | "interface gone", session: Session): Promise<void> {
    try {
      await this.#options.recorder.endSession(why);
    } finally {
      // The end of a capture is tried again where something of it fails, and its counts are taken once.
      if (this.#session !== undefined) this.#endCounts(session);
    }
  }

  #endCounts(session: Session): void {
    try {
      this.counts.end();
    } finally {
      this.#session = undefined;
      this.#options.onEnd?.(session);
    }
  }

  /** Milliseconds until the next look. */
  #pause(): number {
    const { recorder } = this.#options;
    if (recorder.incident !== undefined && recorder.history.packets > 0) return 1;
    // The marks of the seconds of an incident are made at whole seconds of the host's clock.
    const toSecond = 1001 - Number((this.#options.clock.time() / MILLISECOND) % 1000n);
    return Math.min(this.#isBusy ? BUSY_MILLISECONDS : IDLE_MILLISECONDS, toSecond);
  }

  async #lookIfDue(session: Session): Promise<void> {
    const { clock, recorder } = this.#options;
    const isHandingOver = recorder.incident !== undefined && recorder.history.packets > 0;
    const isDue = (clock.elapsed() - this.#lookedAt) * 1000 >= BUSY_MILLISECONDS * 0.9;
    const isNewSecond = clock.time() / SECOND !== this.#lookedSecond;
    if (isDue || isHandingOver || isNewSecond) await this.#look(session);
  }

  async #look(session: Session): Promise<void> {
    const { clock, recorder, triggers, pressure, onLook, onWindow } = this.#options;
    const elapsed = clock.elapsed();
    this.#lookedAt = elapsed;
    this.#lookedSecond = clock.time() / SECOND;
    const { counters, totals } = this.counts;
    this.#isBusy = counters.matched !== this.#matched || recorder.incident !== undefined;
    this.#matched = counters.matched;
    this.#measure(elapsed, counters.matched);
    const ended = this.#endedWindow(session, elapsed);
    const window = ended ?? (triggers.needsKeys ? session.counts?.window(KEYS) : undefined);
    const observation: Observation = { time: clock.time(), elapsed, totals, counters, window, pressure: pressure?.() };
    await recorder.look(triggers.observe(observation), ended);
    if (ended !== undefined) onWindow?.(ended);
    onLook?.(session);
    this.#stopForReturned(session);
  }

  #measure(elapsed: number, matched: number): void {
    const seconds = elapsed - this.#second.elapsed;
    if (seconds < 1) return;
    this.packetsPerSecond = (matched - this.#second.matched) / seconds;
    this.#second = { elapsed, matched };
  }

  #endedWindow({ counts }: WatchSession, elapsed: number): TrafficWindow | undefined {
    if (counts === undefined || elapsed - this.#windowAt < WINDOW_SECONDS) return undefined;
    this.#windowAt = elapsed;
    return counts.nextWindow(KEYS);
  }

  /** Ends a capture that an interface is missing from which is back, so that the next one has it too. An incident goes on before. */
  #stopForReturned(session: WatchSession): void {
    if (session.interfaces.length >= this.#wanted.length || this.#options.recorder.incident !== undefined) return;
    const missing = new Set(this.#missing());
    const captured = new Set(session.interfaces.map(({ name }) => name));
    const returned = this.#wanted.filter((name) => !missing.has(name) && !captured.has(name));
    if (returned.length > 0) session.requestStop();
  }
}

function nearInterface(name: string): string | undefined {
  return nearest(
    name,
    listInterfaces().map((present) => present.name),
  );
}

function withHint(error: RingcapError, hint: string): RingcapError {
  const { code, operation } = error;
  return new RingcapError(error.message, { code, operation, hint, cause: error });
}
