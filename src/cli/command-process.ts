/** The command behind `--` as a process. It is started, signals are passed on to it, and its end is waited for. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, userInfo } from "node:os";
import { errnoOf } from "../errors.ts";
import { commandFailure } from "./command-failure.ts";
import { sayError } from "./messages.ts";

/** The exit code of shells for a command that was not found (POSIX, XCU 2.8.2). */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALLED = 128;

export class CommandProcess {
  /**
   * Resolves with the exit code of the command, as a shell tells it. Processes that the command has left in the
   * background are not waited for.
   */
  readonly ended: Promise<number>;
  readonly #program: string;
  readonly #words: readonly string[];
  readonly #user = process.geteuid?.();
  readonly #end: (status: number) => void;
  #child: ChildProcess | undefined;
  #state: "waiting" | "running" | "ended" = "waiting";
  #stoppedBy: NodeJS.Signals | undefined;

  /** @param onEnd is called when the command has ended, or could not be started */
  constructor([program = "", ...words]: readonly string[], onEnd: () => void) {
    this.#program = program;
    this.#words = words;
    let resolve: (status: number) => void = () => {};
    this.ended = new Promise((settle) => {
      resolve = settle;
    });
    this.#end = (status) => {
      if (this.#state === "ended") return;
      this.#state = "ended";
      onEnd();
      resolve(status);
    };
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** Starts the command as the user that this process is at that time, with the standard streams of this process. */
  start(): void {
    // A signal that came before the start ends the capture, so that the command is not started.
    if (this.#stoppedBy !== undefined) {
      this.#end(SIGNALLED + constants.signals[this.#stoppedBy]);
      return;
    }
    try {
      const child = spawn(this.#program, this.#words, { stdio: "inherit", env: this.#environment() });
      this.#state = "running";
      this.#child = child;
      child.on("exit", (code, signal) => this.#end(code ?? SIGNALLED + constants.signals[signal ?? "SIGKILL"]));
      // The event also tells of a signal that could not be sent, which is no failure to start.
      child.on("error", (error) => {
        if (child.pid === undefined) this.#fail(error);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const isMissing = errnoOf(error) === "ENOENT";
    sayError(commandFailure(this.#program, error, process.env.PATH));
    this.#end(isMissing ? NOT_FOUND : NOT_EXECUTABLE);
  }

  /**
   * Returns the environment. Where the process has become another user, it has that user's names and home directory, as
   * sudo(8) sets them.
   */
  #environment(): NodeJS.ProcessEnv {
    if (process.geteuid?.() === this.#user) return process.env;
    try {
      const { username, homedir } = userInfo();
      return { ...process.env, HOME: homedir, USER: username, LOGNAME: username };
    } catch {
      return process.env; // The user has no entry.
    }
  }

  /**
   * Passes a signal on to the command while the command runs. The command may go on after it, and the capture goes on
   * as long.
   *
   * @returns false where the command does not run
   */
  passOn(signal: NodeJS.Signals): boolean {
    if (this.#state === "waiting") this.#stoppedBy ??= signal;
    if (this.#state !== "running") return false;
    // At Ctrl-C the terminal has sent the signal to the whole process group already.
    if (signal !== "SIGINT" || !isInForeground()) this.#child?.kill(signal);
    return true;
  }
}

/** Whether the keys of a terminal send signals to this process's group (proc_pid_stat(5): pgrp and tpgid). */
function isInForeground(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    return false;
  }
}
