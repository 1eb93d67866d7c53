/**
 * A thread that ends dropping when its time is over or a signal asks for it, even while the main thread waits in a
 * system call.
 */
import { addon, type NativeWatchdog } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";

const NANOSECONDS_PER_SECOND = 1e9;

export interface WatchdogOptions {
  /** A map of one value, the lease, which the thread moves ahead. Without the map nothing is dropped. */
  readonly lease: Descriptor | undefined;
  /** Seconds after which the thread no longer renews the lease. */
  readonly durationSeconds: number;
  /** Nanoseconds: the CLOCK_MONOTONIC of BPF programs less that of this process. */
  readonly clockShift: bigint;
}

export class Watchdog implements Disposable {
  readonly #watchdog: NativeWatchdog;

  constructor({ lease, durationSeconds, clockShift }: WatchdogOptions) {
    const duration = Number.isFinite(durationSeconds)
      ? BigInt(Math.ceil(durationSeconds * NANOSECONDS_PER_SECOND))
      : 0n;
    this.#watchdog = new (addon().Watchdog)(lease, duration, BigInt.asUintN(64, clockShift));
  }

  /**
   * From here on the signals end dropping too. They must have listeners already. A further signal that is not
   * acknowledged within six seconds ends the process with exit code 1. The process then writes these words to standard
   * error where there is room for them.
   */
  watchSignals(signals: readonly number[], lastWords: string): void {
    this.#watchdog.watchSignals(Uint8Array.from(signals), lastWords);
  }

  /** The event loop calls this when it has handled a signal, which shows that it goes on. */
  acknowledge(): void {
    this.#watchdog.acknowledge();
  }

  /** Whether packets were passed for some time, because the process was stopped, frozen or starved for seconds. */
  hasLapsed(): boolean {
    return this.#watchdog.hasLapsed();
  }

  close(): void {
    this.#watchdog.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
