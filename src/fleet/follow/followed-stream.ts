/** Reads the messages of a stream one after the other, for as long as it takes: servers and streams may come and go. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConsumerMessages, OrderedConsumerOptions, StreamInfo } from "@nats-io/jetstream";
import { RingcapError, reasonOf } from "../../errors.ts";
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";

/** A place in a stream, behind the message with the number. A stream that was made anew is another one. */
export interface StreamPosition {
  /** When the stream was made, as its server writes it. */
  readonly created: string;
  readonly sequence: number;
}

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
  readonly position: StreamPosition;
  /** When the server got it, in milliseconds since the epoch. */
  readonly heard: number;
  /** The number of the last message that the stream had when reading began. */
  readonly lastAtStart: number;
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
  /** What was read last. */
  #position: StreamPosition | undefined;
  #lastAtStart = 0;
  #isReady = false;
  #told: string | undefined;

  constructor(options: FollowedStreamOptions) {
    this.#options = options;
    this.#streams = options.library.jetstream.jetstream(options.connection);
    if (typeof options.start === "object" && "after" in options.start) this.#position = options.start.after;
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
      ? `the server has no stream ${stream}: ringcap watch --publish makes it; waiting for it`
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
        const position = { created, sequence: message.seq };
        this.#position = position;
        const heard = message.info.timestampNanos / 1_000_000;
        yield { payload: message.data, position, heard, lastAtStart: this.#lastAtStart };
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
    if (this.#position === undefined && start === "new") this.#position = { created, sequence: last };
    const { DeliverPolicy } = this.#options.library.jetstream;
    if (this.#position === undefined) {
      if (start === "last of each") return { deliver_policy: DeliverPolicy.LastPerSubject };
      if (typeof start === "object" && "since" in start) {
        return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.since).toISOString() };
      }
      return { deliver_policy: DeliverPolicy.All };
    }
    if (this.#position.created !== created) {
      warn(`the stream ${stream} was made anew: it is read from its beginning`);
      this.#position = { created, sequence: 0 };
    }
    const { sequence } = this.#position;
    // A server that lost its last messages, as after a power failure, gives their numbers again.
    if (sequence > last) this.#position = { created, sequence: last };
    const lost = first - 1 - sequence;
    if (lost > 0) warn(`the stream ${stream} has removed ${lost} messages before they were read`);
    const again = !this.#isReady && typeof start === "object" && "again" in start ? start.again : 0;
    const next = Math.max(first, Math.min(sequence, last) + 1 - again, 1);
    return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next };
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && ["TimeoutError", "NoRespondersError", "RequestError"].includes(error.name);
}

function closedError(cause: unknown): RingcapError {
  const operation = "follow the events";
  const reason = cause === undefined ? "the connection was closed" : reasonOf(cause);
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, cause });
}
