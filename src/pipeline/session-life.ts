/** The life of a session with the kernel: it is iterated over once, stopped from anywhere, and closed whatever fails. */
import { onceError } from "../errors.ts";
import { FirstFailure } from "../host/first-failure.ts";

/** What a session does when it stops and when it closes. Each is called once, the stop first. */
export interface SessionEnd {
  /** Lets nothing more come, however slow the reader is. */
  stop(): void;
  /** Takes what nobody took, and gives everything back. */
  close(): void;
}

export interface SessionLimits {
  readonly signal: AbortSignal | undefined;
  /** Seconds, infinitely many without a limit. They keep no process alive. */
  readonly durationSeconds: number;
}

export class SessionLife {
  /** Keeps what fails first. The end goes on all the same, and the iteration throws the failure after the last batch. */
  readonly failure = new FirstFailure();
  readonly #signal: AbortSignal | undefined;
  readonly #end: SessionEnd;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = () => this.end();
  #state: "ready" | "iterating" | "closed" = "ready";
  #iterated = false;
  #stopping = false;

  constructor({ signal, durationSeconds }: SessionLimits, end: SessionEnd) {
    this.#signal = signal;
    this.#end = end;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (durationSeconds !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.requestStop(), durationSeconds * 1000).unref();
    }
  }

  /** Whether the session was asked to stop. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /**
   * Yields what the function yields, and closes the session behind it.
   *
   * @param operation what fails where the function throws
   * @throws RingcapError the first failure; USAGE where the session was iterated over before
   */
  async *iterate<Batch>(
    operation: string,
    batches: () => AsyncGenerator<Batch, void, undefined>,
  ): AsyncGenerator<Batch, void, undefined> {
    if (this.#iterated) throw onceError("iterate over a session");
    this.#iterated = true;
    if (this.#state !== "closed") {
      this.#state = "iterating";
      try {
        yield* batches();
      } catch (error) {
        this.failure.keep(operation, error);
      } finally {
        this.close();
      }
    }
    this.failure.throwIfAny();
  }

  /** Stops the session at once. The iteration then yields what is left. */
  requestStop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#end.stop();
  }

  /** Stops the session, and closes it at once where nobody iterates over it. @returns whether nobody did */
  end(): boolean {
    this.requestStop();
    const isLeft = this.#state === "ready";
    if (isLeft) this.close();
    return isLeft;
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.requestStop();
    this.#end.close();
  }
}
