/**
 * Runs the program that makes the page of an incident, for one incident after the other. It has the lowest priority, is
 * the first that the kernel ends for want of memory, and gets a limited time: the capture goes on beside it.
 */
import { giveWay, withoutSudo } from "../host/giving-way.ts";
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
