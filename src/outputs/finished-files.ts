/** Runs the program of -z (--on-file) with the name of each finished file. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, usageError } from "../errors.ts";

/** The most programs that run at the same time. */
const MOST_AT_ONCE = 2;
/** The most files that wait for the program. */
const MOST_WAITING = 1000;
const STDERR = 2;

export class FinishedFiles {
  readonly #program: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, ChildProcess>();
  #idle = Promise.resolve();
  #becomeIdle = () => {};
  #isAbandoned = false;
  /** The number of files for which the program failed, or was not run. */
  failed = 0;

  /** @throws RingcapError USAGE for a program with arguments behind it */
  constructor(program: string | undefined, warn: (text: string) => void) {
    if (program !== undefined) refuseArguments(program);
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
    for (const child of this.#running.values()) child.unref();
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
    // The program runs in a session of its own, because Ctrl-C at the terminal is for the capture. Its output goes to
    // standard error, so that it does not mix with --json.
    const argument = path.startsWith("-") ? `./${path}` : path;
    let child: ChildProcess;
    try {
      child = spawn(program, [argument], { stdio: ["ignore", STDERR, STDERR], detached: true });
    } catch (error) {
      // Node.js throws some failures (ENOTDIR, ETXTBSY), and reports others by an event.
      this.#fail(`failed for ${path}: ${reasonOf(error)}`);
      return;
    }
    this.#running.set(path, child);
    let failure: string | undefined;
    child.once("error", (error) => {
      failure = error.message;
      if (child.pid === undefined) this.#ended(program, path, failure);
    });
    child.once("close", (code, signal) => {
      if (code !== 0) failure ??= signal === null ? `exit code ${code}` : `ended by ${signal}`;
      if (child.pid !== undefined) this.#ended(program, path, failure);
    });
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

/** Refuses a command with arguments, as a shell takes it. A program with a space in its name is no such command. */
function refuseArguments(program: string): void {
  const folders = program.includes("/") ? [""] : (process.env.PATH ?? "").split(":");
  if (!/\s/.test(program) || folders.some((folder) => existsSync(join(folder, program)))) return;
  const message = `there is no program "${program}", and arguments are not given to one`;
  throw usageError("onFile", message, "write a script with the arguments in it, and name that");
}
