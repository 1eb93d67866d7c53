// What a guest's lines say: which jobs there are, what each checked, and how long it took.

const MARK = "ringcap-kernels ";
/** Lines of the console that are shown when something went wrong. */
const LINES_SHOWN = 40;

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {number} passed checks
 * @property {{ check: string, error: string }[]} failures
 * @property {number | undefined} seconds undefined until the job ended
 * @property {string | undefined} note a figure that is worth printing
 */

export class Results {
  /** @type {Map<string, Job>} */
  jobs = new Map();
  /** `uname -r` of the guest. */
  release = "";
  #isComplete = false;
  /** @type {string[]} */
  #console = [];

  /** @param {string} line of the console */
  take(line) {
    const at = line.indexOf(MARK);
    if (at < 0) {
      this.#console.push(line);
      return undefined;
    }
    try {
      return this.#takeMessage(JSON.parse(line.slice(at + MARK.length)));
    } catch {
      this.#console.push(line);
      return undefined;
    }
  }

  /** @param {any} message one of those of test/kernels/lib/report.ts */
  #takeMessage(message) {
    const job = this.jobs.get(message.job);
    switch (message.type) {
      case "plan":
        this.release = message.release;
        for (const name of message.jobs) {
          this.jobs.set(name, { name, passed: 0, failures: [], seconds: undefined, note: undefined });
        }
        return undefined;
      case "passed":
        if (job) job.passed++;
        return undefined;
      case "failed":
        job?.failures.push({ check: message.check, error: message.error });
        return undefined;
      case "ended":
        if (job) this.#end(job, message);
        return job;
      case "complete":
        this.#isComplete = true;
        return undefined;
    }
  }

  /** @param {Job} job @param {{ checks: number, seconds: number, note?: string }} message */
  #end(job, { checks, seconds, note }) {
    job.seconds = seconds;
    job.note = note;
    const came = job.passed + job.failures.length;
    if (came !== checks) job.failures.push({ check: "its lines", error: `${came} of ${checks} results came` });
    if (checks === 0) job.failures.push({ check: "its checks", error: "it checked nothing" });
  }

  /**
   * To be called when the guest is off: what did not come counts as failed.
   *
   * @param {string | undefined} reason why it had to be ended
   */
  end(reason) {
    if (reason === undefined && this.#isComplete) return;
    const error = [reason ?? "it switched off before the end of its jobs", ...this.#console.slice(-LINES_SHOWN)].join(
      "\n    ",
    );
    const unended = [...this.jobs.values()].filter(({ seconds }) => seconds === undefined);
    for (const job of unended)
      job.failures.push({ check: "its end", error: job === unended[0] ? error : "it did not run to its end" });
    if (unended.length === 0) {
      const failures = [{ check: "the guest", error }];
      this.jobs.set("boot", { name: "boot", passed: 0, failures, seconds: undefined, note: undefined });
    }
  }

  get passed() {
    return [...this.jobs.values()].reduce((sum, { passed }) => sum + passed, 0);
  }

  get failed() {
    return [...this.jobs.values()].reduce((sum, { failures }) => sum + failures.length, 0);
  }
}
