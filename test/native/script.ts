/** Scripts in a process of their own: what would end the process of the tests, or needs its garbage collector. */
import { fileURLToPath } from "node:url";
import { type RunResult, run } from "../support/run.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Loads the addon when it is first named. */
const preamble = `Object.defineProperty(globalThis, "addon", {
  get: () => require("node-gyp-build")(${JSON.stringify(repository)}),
});`;

/**
 * Runs CommonJS with `addon` (the native addon) and gc() at hand.
 *
 * @param input what the script reads on standard input
 * @param prefix words before `node`
 */
export function runScript(script: string, input = "", prefix: readonly string[] = []): Promise<RunResult> {
  const [command, ...words] = [...prefix, process.execPath, "--expose-gc", "-e", `${preamble}\n${script}`];
  return run(command ?? "", words, { cwd: repository, input });
}

/** The source text of a worker, for a script: `new Worker(${workerSource("...")}, { eval: true })`. */
export function workerSource(script: string): string {
  return JSON.stringify(`${preamble}\nconst { parentPort, workerData } = require("node:worker_threads");\n${script}`);
}
