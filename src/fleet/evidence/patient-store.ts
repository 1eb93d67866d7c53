/** The object store over a connection that may be lost: what fails for that is done again. */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { RingcapError, reasonOf } from "../../errors.ts";
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";
import { BUCKET } from "./evidence-list.ts";
import { EvidenceStore } from "./evidence-store.ts";

export interface PatientStoreOptions {
  readonly connection: NatsConnection;
  readonly library: NatsLibrary;
  /** Whether the bucket is made where it is not there. */
  readonly makes: boolean;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

const RETRY_MILLISECONDS = 1000;
/** How long an attempt that was given up may take to end: what it asked a server that went away has no answer. */
const ENDING_MILLISECONDS = 500;
/** What the library says of a bucket that is not there. */
const MISSING = /object store not found/;

type Task<Result> = (store: EvidenceStore, signal: AbortSignal) => Promise<Result>;

export class PatientStore {
  readonly #options: PatientStoreOptions;
  #isTold = false;
  /** Ends what waits for a server that is away. */
  #giveUp: (error: Error) => void = () => {};

  constructor(options: PatientStoreOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#giveUp(new Error("it was stopped")));
    void this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#options.connection.status()) {
      // What was asked while the server was away has no answer when it is back.
      if (["disconnect", "reconnect", "close"].includes(type)) this.#giveUp(new Error("the server is away"));
    }
  }

  /**
   * Does what is to be done with the store, again and again until it succeeds.
   *
   * @param task gets a signal that ends this attempt at it, before there is another one
   * @throws RingcapError what the task throws as such; INPUT where there is no bucket, or the connection was ended for good; the reason of the
   *   signal
   */
  async run<Result>(task: Task<Result>): Promise<Result> {
    const { connection, signal, warn } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        const result = await this.#once(task);
        this.#isTold = false;
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof RingcapError) throw error;
        if (MISSING.test(reasonOf(error)))
          throw storeError("it is not there", "ringcap watch --upload makes it", error);
        if (connection.isClosed()) throw storeError(reasonOf(error), undefined, error);
        if (!this.#isTold) warn(`the object store ${BUCKET} cannot be used: ${reasonOf(error)}; trying again`);
        this.#isTold = true;
      }
      await pause(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  async #once<Result>(task: Task<Result>): Promise<Result> {
    const { connection, library, makes, signal } = this.#options;
    const attempt = new AbortController();
    this.#giveUp = (error) => attempt.abort(error);
    const away = once(attempt.signal, "abort").then(() => Promise.reject(attempt.signal.reason));
    away.catch(() => {});
    const doing = EvidenceStore.open(connection, library, makes).then((store) => task(store, attempt.signal));
    try {
      return await Promise.race([doing, away]);
    } catch (error) {
      attempt.abort(error);
      const isOver = new AbortController();
      const late = pause(ENDING_MILLISECONDS, undefined, { signal: AbortSignal.any([signal, isOver.signal]) });
      await Promise.race([doing, late]).catch(() => {});
      isOver.abort();
      late.catch(() => {});
      throw error;
    }
  }
}

function storeError(reason: string, hint: string | undefined, cause: unknown): RingcapError {
  const operation = `use the object store ${BUCKET}`;
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint, cause });
}
