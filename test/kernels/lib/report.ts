/** What the guest tells the host: a line of JSON for each result, on the console. scripts/kernels/results.mjs reads them. */
import { writeSync } from "node:fs";

export type Message =
  | { readonly type: "plan"; readonly release: string; readonly jobs: readonly string[] }
  | { readonly type: "passed"; readonly job: string }
  | { readonly type: "failed"; readonly job: string; readonly check: string; readonly error: string }
  | { readonly type: "ended"; readonly job: string; readonly checks: number; readonly seconds: number }
  | { readonly type: "complete" };

/** Lines of an error: the verifier's log can be long. */
const ERROR_LENGTH_MAX = 1500;

export function report(message: Message): void {
  writeSync(1, `ringcap-kernels ${JSON.stringify(message)}\n`);
}

/** How a job says what it checks. */
export class Checks {
  readonly #job: string;
  count = 0;

  constructor(job: string) {
    this.#job = job;
  }

  /** A check passes when it does not throw; the next one is made either way. */
  async check(name: string, make: () => unknown): Promise<void> {
    this.count++;
    try {
      await make();
      report({ type: "passed", job: this.#job });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      report({ type: "failed", job: this.#job, check: name, error: text.slice(0, ERROR_LENGTH_MAX) });
    }
  }
}
