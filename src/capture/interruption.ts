/** What ends a capture from outside: an interface that went away or was moved, or a program that somebody detached. */
import type { RingcapError } from "../errors.ts";
import type { CapturedInterfaces } from "../host/captured-interfaces.ts";
import type { CaptureSource } from "./source.ts";

export class Interruption {
  readonly #interfaces: CapturedInterfaces;
  readonly #source: CaptureSource;
  readonly #stop: () => void;

  /**
   * @param stop is called at once when an interface goes, whatever the reader does, because a moved interface would hand
   *   over packets of another network namespace
   */
  constructor(interfaces: CapturedInterfaces, source: CaptureSource, stop: () => void) {
    this.#interfaces = interfaces;
    this.#source = source;
    this.#stop = stop;
    interfaces.onChange(Interruption.#watcherOf(new WeakRef(this)));
  }

  /** The function is made outside of the constructor, so that it holds nothing of what the constructor holds. */
  static #watcherOf(self: WeakRef<Interruption>): () => void {
    return () => {
      const interruption = self.deref();
      if (interruption !== undefined) interruption.#stopIfAny();
    };
  }

  /** What has happened, if anything has. @throws RingcapError where the interfaces cannot be looked at */
  failure(): RingcapError | undefined {
    return this.#interfaces.failure(this.#source.missingInterface());
  }

  /** It stops also where the interfaces cannot be looked at. The end then says why. */
  #stopIfAny(): void {
    try {
      if (this.failure() === undefined) return;
    } catch {}
    this.#stop();
  }

  close(): void {
    this.#interfaces.close();
  }
}
