/** A real nats-server on a free port of 127.0.0.1, with a directory of its own. It is killed at the end of the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { serverProgram } from "../../scripts/lib/debian-servers.mjs";
import { natsLibrary } from "../../src/fleet/nats/library.ts";
import { temporaryDirectory } from "./temporary.ts";

export interface NatsServerOptions {
  /** What the configuration has beside the port and the store. */
  readonly configuration?: string;
  /** Default: true. */
  readonly hasJetStream?: boolean;
  /** Words before `nats-server`, as TestNetwork.commandIn() gives them. */
  readonly prefix?: readonly string[];
  /** Where the events are; default: a new directory. */
  readonly store?: string;
}

/** The program: the installed one, or the one that was unpacked for the tests. */
export const natsServer = serverProgram("nats-server");

const READY = /Server is ready/;
const LISTENING = /Listening for client connections on \S+?:(\d+)$/;

export class TestNatsServer {
  readonly #options: NatsServerOptions;
  readonly #directory = temporaryDirectory();
  #child: ChildProcess | undefined;
  /** -1: the server chooses one at its first start, which it has again at the next. */
  #port = -1;
  #log = "";

  private constructor(options: NatsServerOptions) {
    this.#options = options;
    onTestFinished(() => this.kill());
  }

  static async start(options: NatsServerOptions = {}): Promise<TestNatsServer> {
    const server = new TestNatsServer(options);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** What the server has said. */
  get log(): string {
    return this.#log;
  }

  /** Starts it again on its port, with what it has stored. @param more for the configuration of this start */
  async start(more = ""): Promise<void> {
    const {
      configuration = "",
      hasJetStream = true,
      prefix = [],
      store = join(this.#directory, "store"),
    } = this.#options;
    const path = join(this.#directory, "nats.conf");
    const jetstream =
      hasJetStream && !/jetstream/.test(`${configuration}${more}`)
        ? `jetstream: {store_dir: ${JSON.stringify(store)}}`
        : "";
    writeFileSync(path, `listen: "127.0.0.1:${this.#port}"\n${jetstream}\n${configuration}\n${more}\n`);
    const [command = natsServer, ...words] = [...prefix, natsServer, "-c", path];
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    const ended = once(child, "exit").then(() => {
      throw new Error(`nats-server has ended: ${this.#log}`);
    });
    const isReady = new Promise<void>((resolve) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        this.#log += `${line}\n`;
        this.#port = Number(LISTENING.exec(line)?.[1] ?? this.#port);
        if (READY.test(line)) resolve();
      });
    });
    await Promise.race([isReady, ended]);
    ended.catch(() => {});
  }

  /** Ends it as a loss of power would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** All that the stream has, in its order. @param options of the connection */
  async stored(options: object = {}): Promise<StoredEvent[]> {
    const { transport, jetstream } = natsLibrary("read events");
    const connection = await transport.connect({ servers: this.url, ...options });
    try {
      const { streams } = await jetstream.jetstreamManager(connection);
      const { state } = await streams.info("RINGCAP");
      const found: StoredEvent[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await streams.getMessage("RINGCAP", { seq });
        if (message !== null) found.push({ subject: message.subject, event: message.json() });
      }
      return found;
    } finally {
      await connection.close();
    }
  }
}

export interface StoredEvent {
  readonly subject: string;
  readonly event: import("../../src/fleet/events/fleet-event.ts").FleetEvent;
}
