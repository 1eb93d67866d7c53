/** Steps the system's clock, and puts it right again whatever becomes of the test. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

export interface ClockStep {
  /** Sets the clock forward. */
  forward(): Promise<void>;
  /** Sets it back, to what CLOCK_MONOTONIC says it would be by now. */
  back(): Promise<void>;
}

/**
 * A process of its own, which ends with the standard input that its parent holds, or a minute after the step; before
 * it ends it puts the clock right. date(1) takes about a millisecond to start, so it is asked again with what was missing.
 */
const program = `
import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

/** CLOCK_REALTIME minus CLOCK_MONOTONIC in ns, read where a millisecond begins. */
function epochOffset() {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return BigInt(now) * 1_000_000n - process.hrtime.bigint();
}

let delay = 1_000_000n;
function set(offset) {
  const time = process.hrtime.bigint() + offset + delay;
  const text = "@" + time / 1_000_000_000n + "." + String(time % 1_000_000_000n).padStart(9, "0");
  const { status, stderr } = spawnSync("date", ["--set", text], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

const right = epochOffset();
let stepped = false;
function restore() {
  if (!stepped) return;
  for (let attempt = 0; attempt < 30; attempt++) {
    set(right);
    const late = right - epochOffset();
    if (late > -100_000n && late < 100_000n) break;
    delay += late / 2n;
  }
  stepped = false;
}
process.once("exit", restore);

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  if (line === "forward") {
    stepped = true;
    setTimeout(() => process.exit(1), 60_000).unref();
    set(right + 1_000_000_000n);
  } else {
    restore();
  }
  console.log(line);
});
console.log("ready");
`;

/** Ready to step the clock by one second. Needs root. Only inside a test. */
export async function prepareClockStep(): Promise<ClockStep> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.on("error", () => {});
  onTestFinished(async () => {
    child.stdin.end();
    await ended;
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const expectAnswer = async (wanted: string) => {
    const { value } = await answers.next();
    if (value !== wanted) throw new Error(`the clock was not stepped: ${wanted}`);
  };
  const ask = async (word: string) => {
    child.stdin.write(`${word}\n`);
    await expectAnswer(word);
  };
  await expectAnswer("ready");
  return { forward: () => ask("forward"), back: () => ask("back") };
}
