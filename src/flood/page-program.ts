/**
 * Runs the program that makes the page of an incident, for one incident after the other. It has the lowest priority, is
 * the first that the kernel ends for want of memory, and gets a limited time: the capture goes on beside it.
 */
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { UserProgram } from "../host/user-program.ts";

export interface PageProgramTimes {
  /** How long a run may take, in milliseconds. */
  readonly run: number;
  /** How long all runs may take at the end of the watch, in milliseconds. */
  readonly close: number;
  /** What a run gets between SIGTERM and SIGKILL, in milliseconds. */
  readonly grace: number;
}

const TIMES: PageProgramTimes = { run: 120_000, close: 30_000, grace: 1000 };
const ENDED = "the watch has ended";
/** The most of /proc/<pid>/oom_score_adj (proc(5)). */
const FIRST_TO_END = "1000";

export class PageProgram {
  readonly #program: string;
  readonly #words: readonly string[];
  readonly #times: PageProgramTimes;
  #running: UserProgram | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** @param words what it is run with, in the directory of each incident */
  constructor(program: string, words: readonly string[], times = TIMES) {
    this.#program = program;
    this.#words = words;
    this.#times = times;
  }

  /** See MakePage. */
  readonly make = (directory: string): Promise<string | undefined> => {
    const made = this.#last.then(() => this.#run(directory));
    this.#last = made;
    return made;
  };

  async #run(directory: string): Promise<string | undefined> {
    if (this.#isClosed) return ENDED;
    const running = new UserProgram(this.#program, this.#words, { directory, environment: withoutSudo() });
    this.#running = running;
    giveWay(running.pid);
    const { run, grace } = this.#times;
    const late = setTimeout(() => running.stop(`it took longer than ${run / 1000} s, and was ended`, grace), run);
    const failure = await running.ended;
    clearTimeout(late);
    this.#running = undefined;
    return failure;
  }

  /** The watch ends: what still runs after a while is ended. */
  close(): void {
    setTimeout(() => this.abandon(), this.#times.close).unref();
  }

  /** Ends what runs, and runs nothing more. */
  abandon(): void {
    this.#isClosed = true;
    this.#running?.stop(ENDED, this.#times.grace);
  }
}

/** The program gives up its rights by itself. The directory belongs to its user, and not to whoever called sudo. */
function withoutSudo(): NodeJS.ProcessEnv {
  const { SUDO_UID: _user, SUDO_GID: _group, ...environment } = process.env;
  return environment;
}

function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_END);
  } catch {
    // It has ended already, or /proc is not there.
  }
}
