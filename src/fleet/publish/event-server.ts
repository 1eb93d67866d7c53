/** A server of NATS that takes events, one after the other. A connection that fails is closed, and another one is made when it is asked for. */
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { subjectOf, subjectsOfHost } from "../events/subject.ts";
import type { NatsAccess } from "../nats/access-types.ts";
import { connectTo } from "../nats/connect.ts";
import type { NatsConnection, NatsLibrary } from "../nats/library.ts";
import { isNobodyThere } from "../nats/no-jetstream.ts";
import { makeStream, STREAM } from "../nats/stream.ts";
import { type EventLine, parseEventLine } from "./event-line.ts";
import { StreamFailure } from "./trouble.ts";

/** Milliseconds that a connection and an answer may take, and between two questions whether the server is there. */
const ANSWER = 5000;
const PING = 10_000;

interface Connected {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
}

export class EventServer {
  readonly #access: NatsAccess;
  readonly #template: string;
  readonly #library: NatsLibrary;
  readonly #answer: number;
  #connected: Connected | undefined;
  #stream: string | undefined;

  /** @param answer milliseconds that a connection and an answer may take */
  constructor(access: NatsAccess, template: string, library: NatsLibrary, answer = ANSWER) {
    this.#answer = answer;
    this.#access = access;
    this.#template = template;
    this.#library = library;
  }

  /** Whether there was a connection, which the other end has closed. */
  get isLost(): boolean {
    return this.#connected?.connection.isClosed() === true;
  }

  async #connect(): Promise<Connected> {
    if (this.#connected !== undefined && !this.#connected.connection.isClosed()) return this.#connected;
    const { jetstream, jetstreamManager } = this.#library.jetstream;
    const connection = await connectTo(this.#access, this.#library, {
      name: "ringcap watch",
      reconnect: false,
      timeout: this.#answer,
      pingInterval: PING,
      maxPingOut: 2,
    });
    const options = { timeout: this.#answer };
    const manager = await jetstreamManager(connection, { ...options, checkAPI: false });
    this.#connected = { connection, manager, jetstream: jetstream(connection, options) };
    return this.#connected;
  }

  /**
   * Asks for the last events of a watch that the stream has, one of each kind at most. Whoever may publish can have chosen every
   * byte of them. A server that does not tell this user is believed to have none, and still knows for a time the ids that it was given.
   *
   * @throws what the connection answers
   */
  async lastStored({ host, watch }: EventLine): Promise<readonly EventLine[]> {
    const { connection, manager } = await this.#connect();
    const lines: EventLine[] = [];
    for (const subject of subjectsOfHost(this.#template, host)) {
      try {
        this.#stream ??= await manager.streams.find(subject);
        const stored = await manager.streams.getMessage(this.#stream, { last_by_subj: subject });
        const line = stored === null ? undefined : parseEventLine(stored.string());
        if (line?.watch === watch) lines.push(line);
      } catch (error) {
        if (connection.isClosed() || error instanceof this.#library.transport.errors.TimeoutError) throw error;
        break;
      }
    }
    return lines;
  }

  /** Resolves when the server has the event on its disk, or has had it before. @throws what it answers: see serverTrouble() */
  async publish(line: EventLine): Promise<void> {
    const { jetstream, manager } = await this.#connect();
    const subject = subjectOf(this.#template, line.host, line.event);
    const send = async () => {
      this.#stream = (await jetstream.publish(subject, line.text, { msgID: line.id })).stream;
    };
    try {
      await send();
    } catch (error) {
      // Nobody takes the subject: there is no such stream, or no JetStream.
      if (!isNobodyThere(error, this.#library)) throw error;
      await this.#makeStream(manager);
      await send();
    }
  }

  async #makeStream(manager: JetStreamManager): Promise<void> {
    try {
      await makeStream(manager, this.#template);
    } catch (cause) {
      throw new StreamFailure(`the stream ${STREAM} cannot be made`, { cause });
    }
  }

  /** Leaves the server. The next question connects again. */
  close(): void {
    const connection = this.#connected?.connection;
    this.#connected = undefined;
    this.#stream = undefined;
    void connection?.close().catch(() => {});
  }
}
