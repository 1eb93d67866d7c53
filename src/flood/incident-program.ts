/**
 * Runs the program of --on-incident at the beginning and at the end of each incident, one run after the other. It gets
 * the word "begin" or "end", and JSON on standard input.
 */

import { refuseMissing, refuseUnexecutable, UserProgram } from "../host/user-program.ts";
import type { UserAccount } from "../native/privileges.ts";

export type IncidentMoment = "begin" | "end";

/** The most moments that wait while the program runs for another one. */
const MOST_WAITING = 16;
/** The most characters of JSON. The program may read them when it likes, and they wait in memory until then. */
const INPUT_MAX = 1 << 18;

export interface IncidentProgramTimes {
  /** How long a run may take, in milliseconds. */
  readonly run: number;
  /** What a run gets between SIGTERM and SIGKILL, in milliseconds. */
  readonly grace: number;
  /** How long the end of the watch waits for all runs, in milliseconds. */
  readonly close: number;
}

const ENDED = "the watch has ended";
const TIMES: IncidentProgramTimes = { run: 60_000, grace: 5000, close: 30_000 };

export class IncidentProgram {
  readonly #program: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #times: IncidentProgramTimes;
  #running: { readonly program: UserProgram; readonly moment: IncidentMoment } | undefined;
  #waiting = 0;
  #last = Promise.resolve();
  #isClosed = false;
  #abandon = () => {};
  readonly #abandoned: Promise<void>;
  /** The number of runs that failed or were left out. */
  failed = 0;

  /**
   * @param program undefined: nothing is run
   * @throws RingcapError USAGE for a program that is not there, or that has arguments behind it
   */
  constructor(program: string | undefined, warn: (text: string) => void, times = TIMES) {
    if (program !== undefined) refuseMissing("onIncident", program);
    this.#program = program;
    this.#warn = warn;
    this.#times = times;
    this.#abandoned = new Promise((resolve) => {
      this.#abandon = resolve;
    });
  }

  /** Refuses a program that the user may not execute that it will run as. @throws RingcapError USAGE */
  checkFor(account: UserAccount | undefined): void {
    if (this.#program !== undefined) refuseUnexecutable("onIncident", this.#program, account);
  }

  /**
   * Runs the program, when it has ended for the moments before. This returns at once, and throws nothing.
   *
   * @param incident what the JSON has, beside `version` and `event`
   */
  run(moment: IncidentMoment, incident: object): void {
    const program = this.#program;
    if (program === undefined) return;
    const input = `${JSON.stringify({ version: 1, event: moment, ...incident })}\n`;
    const refusal = this.#refusalOf(input);
    if (refusal !== undefined) {
      this.#fail(moment, "was not run", refusal);
      return;
    }
    this.#waiting++;
    this.#last = this.#last.then(() => this.#runNext(program, moment, input));
  }

  #refusalOf(input: string): string | undefined {
    if (this.#isClosed) return ENDED;
    if (input.length > INPUT_MAX) return `it is ${input.length} characters of JSON`;
    return this.#waiting < MOST_WAITING ? undefined : `the program is too slow, and ${MOST_WAITING} others wait for it`;
  }

  async #runNext(program: string, moment: IncidentMoment, input: string): Promise<void> {
    this.#waiting--;
    if (this.#isClosed) {
      this.#fail(moment, "was not run", ENDED);
      return;
    }
    const { run, grace } = this.#times;
    const running = { program: new UserProgram(program, [moment], { input }), moment };
    this.#running = running;
    const late = setTimeout(
      () => running.program.stop(`it took longer than ${run / 1000} s, and was ended`, grace),
      run,
    );
    late.unref();
    const failure = await running.program.ended;
    clearTimeout(late);
    if (this.#running !== running) return; // It was abandoned, and is told of.
    this.#running = undefined;
    if (failure !== undefined) this.#fail(moment, "failed", failure);
  }

  /** Whether a run has not ended yet. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Waits for the runs as long as the end of a watch may take. What then still runs is ended. */
  async close(): Promise<void> {
    const { close, grace } = this.#times;
    const stop = setTimeout(() => {
      this.#isClosed = true;
      this.#running?.program.stop(ENDED, grace);
    }, close);
    // A process that waits for a disk does not even end by SIGKILL.
    const giveUp = setTimeout(() => this.abandon(), close + 2 * grace);
    await Promise.race([this.#last, this.#abandoned]);
    clearTimeout(stop);
    clearTimeout(giveUp);
    this.#isClosed = true;
  }

  /** Stops waiting for the program. A run is asked to end by SIGTERM, and no further one is started. */
  abandon(): void {
    this.#isClosed = true;
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) {
      running.program.stop(ENDED, this.#times.grace);
      running.program.abandon();
      this.#fail(running.moment, "was ended", ENDED);
    }
    this.#abandon();
  }

  #fail(moment: IncidentMoment, what: string, why: string): void {
    this.failed++;
    this.#warn(`--on-incident ${this.#program} ${what} at the ${moment} of an incident: ${why}`);
  }
}
