/** What wakes a session or ends it from outside: the rings, a step of the clock, the end of its duration, the watchdog. */
import { kernelClockShift } from "../host/kernel-clock.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { createClockStepWatch } from "../native/system.ts";
import { Wakeups } from "../native/wakeups.ts";
import { Watchdog } from "../native/watchdog.ts";
import type { CaptureSource } from "./source.ts";

/** The note at the end where the watchdog could not renew the lease by which matching packets are dropped. */
export const DROPPING_LAPSED =
  "the process stood still for more than 3 s: for that time packets that matched were captured and not dropped";

export class Alarms {
  readonly wakeups: Wakeups;
  /** Ends dropping where the event loop cannot. */
  readonly watchdog: Watchdog;
  readonly #clockSteps: Descriptor;
  #timer: NodeJS.Timeout | undefined;

  /** @throws a system failure; nothing is left open then */
  constructor(source: CaptureSource, durationSeconds: number) {
    this.#clockSteps = createClockStepWatch();
    let wakeups: Wakeups | undefined;
    try {
      wakeups = new Wakeups([...source.wakeups, this.#clockSteps]);
      this.wakeups = wakeups;
      const lease = source.dropLease;
      const clockShift = lease === undefined ? 0n : kernelClockShift();
      this.watchdog = new Watchdog({ lease, durationSeconds, clockShift });
    } catch (error) {
      wakeups?.close();
      this.#clockSteps.close();
      throw error;
    }
  }

  /** Calls the function after so many seconds, which may be infinitely many. The timer does not keep the process alive. */
  ringAfter(seconds: number, end: () => void): void {
    if (seconds !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(end, seconds * 1000).unref();
  }

  /** @returns whether dropping has ended meanwhile because nobody renewed its lease */
  close(): boolean {
    clearTimeout(this.#timer);
    const lapsed = this.watchdog.hasLapsed();
    this.watchdog.close();
    this.wakeups.close();
    this.#clockSteps.close();
    return lapsed;
  }
}
