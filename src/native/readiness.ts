/** Event-loop notice of descriptors that the kernel woke. */
import { addon, type NativeReadiness } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";

/** Calls back once for each wake-up, and keeps the event loop alive until it is closed or unref() was called. */
export class Readiness implements Disposable {
  readonly #readiness: NativeReadiness;

  constructor(descriptors: readonly Descriptor[], callback: () => void) {
    this.#readiness = new (addon().Readiness)([...descriptors], callback);
  }

  /** Keeps neither the event loop alive nor itself: whoever wants to be called back holds it. */
  unref(): void {
    this.#readiness.unref();
  }

  close(): void {
    this.#readiness.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
