/** Runs the program of -z (--on-file) with the name of each finished file. */
import { existsSync } from "node:fs";
import { refuseArguments, UserProgram } from "../host/user-program.ts";

/** The most programs that run at the same time. */
const MOST_AT_ONCE = 2;
/** The most files that wait for the program. */
const MOST_WAITING = 1000;

export class FinishedFiles {
  readonly #program: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, UserProgram>();
  #idle = Promise.resolve();
  #becomeIdle = () => {};
  #isAbandoned = false;
  /** The number of files for which the program failed, or was not run. */
  failed = 0;

  /** @throws RingcapError USAGE for a program with arguments behind it */
  constructor(program: string | undefined, warn: (text: string) => void) {
    if (program !== undefined) refuseArguments("onFile", program);
    this.#program = program;
    this.#warn = warn;
  }

  /** Whether the program is running for the file. A file that still waits for it may be removed. */
  isBusyWith(path: string): boolean {
    return this.#running.has(path);
  }

  add(path: string): void {
    if (this.#program === undefined) return;
    if (this.#isAbandoned) {
      this.failed++;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) {
      this.#fail(`is too slow: ${MOST_WAITING} files wait for it, and ${path} is passed over`);
      return;
    }
    if (this.#running.size === 0 && this.#waiting.length === 0) {
      this.#idle = new Promise((resolve) => {
        this.#becomeIdle = resolve;
      });
    }
    this.#waiting.push(path);
    this.#next(this.#program);
  }

  /** Resolves when no program runs and no file waits for one. */
  whenIdle(): Promise<void> {
    return this.#idle;
  }

  /** Stops waiting for programs. Those that run go on, and no further one is started. */
  abandon(): void {
    this.#isAbandoned = true;
    this.failed += this.#waiting.length + this.#running.size;
    this.#waiting.length = 0;
    for (const running of this.#running.values()) running.abandon();
    this.#running.clear();
    this.#becomeIdle();
  }

  #next(program: string): void {
    while (this.#running.size < MOST_AT_ONCE) {
      const path = this.#waiting.shift();
      if (path === undefined) break;
      if (existsSync(path)) this.#run(program, path);
      else this.#fail(`is too slow: ${path} was gone before its turn`);
    }
    if (this.#running.size === 0) this.#becomeIdle();
  }

  #run(program: string, path: string): void {
    const running = new UserProgram(program, [path.startsWith("-") ? `./${path}` : path]);
    this.#running.set(path, running);
    running.ended.then((failure) => this.#ended(program, path, failure));
  }

  #ended(program: string, path: string, failure: string | undefined): void {
    if (!this.#running.delete(path)) return;
    if (failure !== undefined) this.#fail(`failed for ${path}: ${failure}`);
    this.#next(program);
  }

  #fail(what: string): void {
    this.failed++;
    this.#warn(`--on-file ${this.#program} ${what}`);
  }
}
