/** What wakes a session, the rings and steps of the clock, and the watchdog that ends dropping. */
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

  /** @returns whether dropping has ended meanwhile because nobody renewed its lease */
  close(): boolean {
    const lapsed = this.watchdog.hasLapsed();
    this.watchdog.close();
    this.wakeups.close();
    this.#clockSteps.close();
    return lapsed;
  }
}
