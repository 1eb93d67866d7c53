/** Reads the messages of a stream one after the other, for as long as it takes: servers and streams may come and go. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConsumerMessages, OrderedConsumerOptions, StreamInfo } from "@nats-io/jetstream";
import { RingcapError, reasonOf } from "../../errors.ts";
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";
import { STREAM } from "../nats/stream.ts";
import { ReadPlace, type StreamPosition } from "./read-place.ts";

/**
 * Where reading begins: with the first message that there is, the last one of each subject, those that come from the start on, those since
 * a time (milliseconds since the epoch), or so many messages in front of a place.
 */
export type StreamStart =
  | "first"
  | "last of each"
  | "new"
  | { readonly since: number }
  | { readonly after: StreamPosition; readonly again: number };

export interface FollowedMessage {
  readonly payload: Uint8Array;
  readonly subject: string;
  readonly position: StreamPosition;
  /** When the server got it, in whole milliseconds since the epoch. */
  readonly heard: number;
  /** The number of the last message that the stream had when reading began. */
  readonly lastAtStart: number;
  /** Whether it is in front of the place where reading began. */
  readonly isAgain: boolean;
}

export interface FollowedStreamOptions {
  readonly connection: NatsConnection;
  readonly library: NatsLibrary;
  readonly stream: string;
  readonly start: StreamStart;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** Is called once the first messages can come. */
  readonly onReady?: () => void;
}

/** Messages that the server sends ahead. */
const AHEAD = 100;
const RETRY_MILLISECONDS = 500;
/** How often the server says that it is there. A consumer that is silent for twice as long is looked for. */
const HEARTBEAT_MILLISECONDS = 2000;

export class FollowedStream {
  readonly #options: FollowedStreamOptions;
  readonly #streams: ReturnType<NatsLibrary["jetstream"]["jetstream"]>;
  readonly #place: ReadPlace;
  #lastAtStart = 0;
  #isReady = false;
  #told: string | undefined;

  constructor(options: FollowedStreamOptions) {
    this.#options = options;
    this.#streams = options.library.jetstream.jetstream(options.connection);
    const { start, stream, warn } = options;
    const { after, again } = typeof start === "object" && "after" in start ? start : { after: undefined, again: 0 };
    this.#place = new ReadPlace(after, again, () =>
      warn(`the server lost the last messages of the stream ${stream}, and gives their numbers again`),
    );
  }

  /** All messages, until the signal. @throws RingcapError INPUT where the connection was ended for good */
  async *messages(): AsyncGenerator<FollowedMessage, void, void> {
    const { signal, connection } = this.#options;
    while (!signal.aborted) {
      try {
        yield* this.#readOn();
      } catch (error) {
        if (!signal.aborted) this.#tell(error);
      }
      if (connection.isClosed() && !signal.aborted) throw closedError(await connection.closed());
      await pause(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  /** Says once what keeps the messages from coming. What the connection says itself is not said again. */
  #tell(error: unknown): void {
    const { stream, warn, library } = this.#options;
    const { JetStreamApiError, JetStreamApiCodes } = library.jetstream;
    const code = error instanceof JetStreamApiError ? error.code : undefined;
    const isMissing = code === JetStreamApiCodes.StreamNotFound;
    const text = isMissing
      ? `the server has no stream ${stream}${stream === STREAM ? ": ringcap watch --publish makes it" : ", and ringcap makes none of that name"}; waiting for it`
      : `the stream ${stream} cannot be read: ${reasonOf(error)}`;
    if (code === JetStreamApiCodes.ConsumerNotFound || isTimeout(error) || text === this.#told) return;
    this.#told = text;
    warn(text);
  }

  async *#readOn(): AsyncGenerator<FollowedMessage, void, void> {
    const { stream, signal } = this.#options;
    const manager = await this.#streams.jetstreamManager(false);
    const info = await manager.streams.info(stream);
    const options = this.#where(info);
    const consumer = await this.#streams.consumers.get(stream, options);
    const messages = await consumer.consume({
      max_messages: AHEAD,
      idle_heartbeat: HEARTBEAT_MILLISECONDS,
      abort_on_missing_resource: true,
    });
    this.#told = undefined;
    if (!this.#isReady) this.#options.onReady?.();
    this.#isReady = true;
    yield* this.#take(messages, info.created, signal);
  }

  async *#take(messages: ConsumerMessages, created: string, signal: AbortSignal) {
    const stop = () => messages.stop();
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) return;
      for await (const message of messages) {
        const { seq: sequence, data: payload, subject, info } = message;
        const heard = Math.floor(info.timestampNanos / 1_000_000);
        const taken = this.#place.take(created, sequence, heard);
        if (taken === "passed over") return;
        if (taken === "known") continue;
        const position = { created, sequence, heard: this.#place.position?.heard ?? heard };
        yield { payload, subject, position, heard, lastAtStart: this.#lastAtStart, isAgain: taken === "again" };
      }
    } finally {
      signal.removeEventListener("abort", stop);
      messages.stop();
    }
  }

  /** Where the next consumer begins. */
  #where({ created, state }: StreamInfo): Partial<OrderedConsumerOptions> {
    const { start, warn, stream } = this.#options;
    const { first_seq: first, last_seq: last } = state;
    if (!this.#isReady) this.#lastAtStart = last;
    // The server writes the time more exactly than messages have it.
    const heardLast = Math.max(Date.parse(state.last_ts), 0) + 1;
    if (this.#place.position === undefined && start === "new") {
      this.#place.goTo({ created, sequence: last, heard: heardLast });
    }
    const { DeliverPolicy } = this.#options.library.jetstream;
    const { position } = this.#place;
    if (position === undefined) {
      if (start === "last of each") return { deliver_policy: DeliverPolicy.LastPerSubject };
      if (typeof start === "object" && "since" in start) {
        return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.since).toISOString() };
      }
      return { deliver_policy: DeliverPolicy.All };
    }
    if (position.created !== created) {
      warn(`the stream ${stream} was made anew: it is read from its beginning`);
      this.#place.goTo({ created, sequence: 0, heard: 0 });
      return { deliver_policy: DeliverPolicy.All };
    }
    const lost = first - 1 - position.sequence;
    if (lost > 0) warn(`the stream ${stream} has removed ${lost} messages before they were read`);
    const next = Math.max(first, this.#place.next(position, last));
    return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next };
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && ["TimeoutError", "NoRespondersError", "RequestError"].includes(error.name);
}

function closedError(cause: unknown): RingcapError {
  const operation = "follow the events";
  const reason = cause === undefined ? "the connection was closed" : reasonOf(cause);
  const hint =
    "the log of the server says why; start the command again, with another file where the server refuses this one";
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint, cause });
}
