/**
 * What ends a capture's sleep: the kernel's wake-up from a ring, a step of the clock, a timer, or a call of wake(). Only
 * a sleep keeps the process alive.
 */
import type { Descriptor } from "./descriptor.ts";
import { Readiness } from "./readiness.ts";

export class Wakeups implements Disposable {
  readonly #readiness: Readiness;
  #resolve: (() => void) | undefined;
  #pending = false;

  constructor(descriptors: readonly Descriptor[]) {
    // The addon holds this object weakly, so that it can be collected when nobody else holds it.
    const self = new WeakRef(this);
    this.#readiness = new Readiness(descriptors, () => self.deref()?.wake());
    this.#readiness.unref();
  }

  /** Ends the current sleep, or the next one at once. */
  wake(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  /** Sleeps until something wakes it, at most so many milliseconds. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#pending) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#pending = false;
  }

  close(): void {
    this.#readiness.close();
    this.wake();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
