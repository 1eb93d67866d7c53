/** The process that publishes: it has the lowest priority and a session of its own, so that Ctrl-C at the terminal does not reach it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { reasonOf } from "../../errors.ts";
import { giveWay, withoutSudo } from "../../host/giving-way.ts";

export interface ShipProcessEvents {
  readonly onLine: (line: string) => void;
  /** There is room for more, after there was none. */
  readonly onDrained: () => void;
  readonly onEnded: (reason: string) => void;
}

/** Characters of the last that a process said on standard error. */
const LAST_WORDS = 200;
/** Milliseconds that one which is killed is waited for. A process that waits for a disk does not even end by SIGKILL. */
const KILLED = 1000;

export class ShipProcess {
  /** Resolves when it has ended, or was killed and does not end, and onEnded has been called. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess | undefined;
  #resolve: (reason: string) => void = () => {};

  constructor(program: string, words: readonly string[], { onLine, onDrained, onEnded }: ShipProcessEvents) {
    this.ended = new Promise<string>((settle) => {
      this.#resolve = settle;
    }).then(onEnded);
    const resolve = this.#resolve;
    try {
      this.#child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], detached: true, env: withoutSudo() });
    } catch (error) {
      resolve(reasonOf(error));
      return;
    }
    const child = this.#child;
    giveWay(child.pid);
    child.once("error", (error) => resolve(error.message));
    // Its last lines are read when it is closed, and not yet when it has ended.
    let said = "";
    child.once("close", (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
      resolve(said === "" ? how : `${how}: ${said}`);
    });
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on("line", (line) => {
        if (/error/i.test(line)) said = line.trim().slice(0, LAST_WORDS);
      });
    }
    child.stdin?.on("error", () => {});
    child.stdin?.on("drain", onDrained);
    if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", onLine);
  }

  /** Whether what is written goes on at once, and does not wait in memory. */
  get hasRoom(): boolean {
    const input = this.#child?.stdin;
    return input?.writable === true && !input.writableNeedDrain;
  }

  /** Hands over a text. It returns at once. */
  write(text: string): void {
    this.#child?.stdin?.write(text);
  }

  /** Nothing more comes. */
  end(): void {
    this.#child?.stdin?.end();
  }

  kill(): void {
    const child = this.#child;
    child?.kill("SIGKILL");
    const late = setTimeout(() => {
      child?.unref();
      for (const stream of child?.stdio ?? []) stream?.destroy();
      this.#resolve("it does not end");
    }, KILLED);
    void this.ended.then(() => clearTimeout(late));
  }
}
