/** Tells the event loop of descriptors that the kernel made readable. */
import { addon, type NativeReadiness } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";

/** Calls back once for each wake-up, and keeps the event loop alive until it is closed or unref() was called. */
export class Readiness implements Disposable {
  readonly #readiness: NativeReadiness;

  constructor(descriptors: readonly Descriptor[], callback: () => void) {
    this.#readiness = new (addon().Readiness)([...descriptors], callback);
  }

  /**
   * Keeps neither the event loop nor this object alive from here on. Callers who want to be called back must hold the
   * object.
   */
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
