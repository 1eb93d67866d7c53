/** Programs that the user names, which are run beside a capture: without a shell, and in a session of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf, usageError } from "../errors.ts";
import type { UserAccount } from "../native/privileges.ts";
import { accessHint, EXECUTE, refusingPlace } from "./file-access.ts";

const STDERR = 2;
const ROOT = 0;

/** Refuses a command with arguments, as a shell takes it. A program with a space in its name is no such command. */
export function refuseArguments(option: string, program: string): void {
  if (!/\s/.test(program) || isThere(program)) return;
  const message = `there is no program "${program}", and arguments are not given to one`;
  throw usageError(option, message, "write a script with the arguments in it, and name that");
}

/** Refuses a program that is not there, which would be missed only when it is needed. */
export function refuseMissing(option: string, program: string): void {
  refuseArguments(option, program);
  if (!isThere(program)) throw usageError(option, `there is no program "${program}"`);
}

/**
 * Refuses a program that a user may not execute.
 *
 * @param account the user that it will run as; undefined: the present one
 */
export function refuseUnexecutable(option: string, program: string, account: UserAccount | undefined): void {
  const { user, groups } = account ?? { user: process.geteuid?.() ?? ROOT, groups: process.getgroups?.() ?? [] };
  const places = placesOf(program);
  const refusing = places.map((path) => refusingPlace(path, EXECUTE, { user, groups }));
  const [path = program] = places;
  const [place] = refusing;
  if (place === undefined || refusing.includes(undefined)) return;
  const why = place === path ? "" : `, because that user may not enter ${place}`;
  throw usageError(option, `user ${user} may not execute ${path}${why}`, accessHint("x", place));
}

function isThere(program: string): boolean {
  return placesOf(program).length > 0;
}

/** The files of the name, in the order in which they are looked for. */
function placesOf(program: string): string[] {
  if (program.includes("/")) return existsSync(program) ? [realpathSync(program)] : [];
  const folders = (process.env.PATH ?? "").split(":");
  return folders.map((folder) => resolve(folder, program)).filter((path) => existsSync(path));
}

export interface ProgramSurroundings {
  /** What it finds on standard input, which it need not read. */
  readonly input?: string;
  /** The directory that it is in; the default is that of this process. */
  readonly directory?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

export class UserProgram {
  /** Resolves with what failed, when the program has ended. It is undefined where the exit code is 0. */
  readonly ended: Promise<string | undefined>;
  #child: ChildProcess | undefined;
  #hasEnded = false;
  #stoppedBecause: string | undefined;
  #kill: NodeJS.Timeout | undefined;

  /**
   * Starts a program. Ctrl-C at the terminal does not reach it, because that is for the capture. Its output goes to
   * standard error, so that it does not mix with --json.
   */
  constructor(program: string, words: readonly string[], surroundings: ProgramSurroundings = {}) {
    const { input, directory: cwd, environment: env } = surroundings;
    this.ended = new Promise((resolve) => {
      try {
        const standardInput = input === undefined ? "ignore" : "pipe";
        this.#child = spawn(program, words, { stdio: [standardInput, STDERR, STDERR], detached: true, cwd, env });
      } catch (error) {
        // Node.js throws some failures (ENOTDIR, ETXTBSY), and reports others by an event.
        resolve(reasonOf(error));
        return;
      }
      const child = this.#child;
      child.once("error", (error) => {
        if (child.pid === undefined) resolve(error.message);
      });
      child.once("exit", (code, signal) => {
        this.#finish();
        resolve(this.#stoppedBecause ?? exitFailure(code, signal));
      });
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    });
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Ends the program and all of its process group: at first by SIGTERM, and what is left after the time by SIGKILL.
   *
   * @param because what `ended` then resolves with
   */
  stop(because: string, milliseconds: number): void {
    if (this.#hasEnded || this.#stoppedBecause !== undefined) return;
    this.#stoppedBecause = because;
    this.#signalGroup("SIGTERM");
    this.#kill = setTimeout(() => this.#signalGroup("SIGKILL"), milliseconds);
  }

  /** Lets this process end before the program does. */
  abandon(): void {
    clearTimeout(this.#kill);
    this.#child?.stdin?.destroy();
    this.#child?.unref();
  }

  #finish(): void {
    this.#hasEnded = true;
    clearTimeout(this.#kill);
    // A process that the program has started may still hold the other end.
    this.#child?.stdin?.destroy();
    if (this.#stoppedBecause !== undefined) this.#signalGroup("SIGKILL");
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const group = this.#child?.pid;
    if (group === undefined) return;
    try {
      process.kill(-group, signal);
    } catch {
      // The group has ended, or is another user's.
    }
  }
}

function exitFailure(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0) return undefined;
  return signal === null ? `exit code ${code}` : `ended by ${signal}`;
}
