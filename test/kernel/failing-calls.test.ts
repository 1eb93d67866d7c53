/** Whatever call of the start and the end of a session the kernel refuses: no hang, nothing attached, exact counts or an error. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../support/cli.ts";
import { buildFailingCalls, choiceOf, FAILING_CALLS, type FailingCall } from "../support/failing-calls.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const rounds = new URL("../support/failing-rounds.mjs", import.meta.url).pathname;
/** What hangs is killed, which is a failure. */
const LIMIT = ["timeout", "--signal=KILL", "60"];

/** More calls of bpf(2) than a run of the command line makes. */
const NEVER = 10_000;
/** The calls of bpf(2) from before a capture is attached to the end. */
const LAST_CALLS = 20;

interface Outcome {
  number: number;
  /** Whether there is a call of that number. */
  reached: boolean;
  /** Links that are left. */
  attached: number;
  /** Whether the session succeeded with exact counts. */
  adds?: boolean;
  /** Whether it failed as it should: with an error that says what the kernel refused. */
  failed?: boolean;
  text?: string;
}

/** What the tests of the file have in common: none changes it. */
let network: TestNetwork;
let directory: string;
let library: string;

async function roundsOf(kind: "capture" | "connections", { call, error }: FailingCall) {
  const node = [process.execPath, "--expose-gc", rounds, kind, call, error];
  const result = await network.exec("b", "env", [`LD_PRELOAD=${library}`, ...LIMIT, ...node]);
  expect(result).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(result.stdout) as { outcomes: Outcome[]; left: number };
}

function expectOrder({ outcomes, left }: { outcomes: Outcome[]; left: number }): void {
  const inDisorder = outcomes.filter(({ attached, adds, failed }) => attached > 0 || !(adds || failed));
  expect(inDisorder).toEqual([]);
  expect(outcomes.at(-1)).toMatchObject({ reached: false, adds: true });
  // The call is one that is made.
  expect(outcomes.length).toBeGreaterThan(1);
  expect(left).toBeLessThanOrEqual(0);
}

describeWith([requirements.bpf, requirements.namespaces, requirements.tools("gcc")], "where calls fail", () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
    library = buildFailingCalls(directory);
    network = await TestNetwork.create();
    await runOrFail("ip", ["-n", network.namespaces.b, "link", "set", "lo", "up"]);
  });
  afterAll(() => {
    network?.destroy();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each(FAILING_CALLS)(
    "a session is captured or fails in order whichever $call fails with $error",
    async (failing) => {
      expectOrder(await roundsOf("capture", failing));
    },
  );

  test("a session of connections ends in order whichever call of bpf(2) fails", async () => {
    expectOrder(await roundsOf("connections", { call: "bpf", error: "ENOMEM" }));
  });

  test("the command line ends by itself whichever of the last calls of bpf(2) fails", async () => {
    const madeFile = join(directory, "made");
    const failingAt = (number: number, more: readonly string[] = []) => {
      const choice = choiceOf({ call: "bpf", error: "ENOMEM" }, number);
      const ringcap = [process.execPath, main, "-i", "lo", "--hook", "tc", "--duration", "0.1", "--json"];
      const environment = [`LD_PRELOAD=${library}`, `FAILING_CALLS=${choice}`, ...more];
      return network.exec("b", "env", [...environment, ...LIMIT, ...ringcap]);
    };
    expect(await failingAt(NEVER, [`FAILING_CALLS_MADE=${madeFile}`])).toMatchObject({ code: 0 });
    const made = Number(readFileSync(madeFile, "utf8"));
    const failures: string[] = [];
    for (let number = made - LAST_CALLS + 1; number <= made; number++) {
      const result = await failingAt(number);
      if (result.code === 1) failures.push(result.stderr);
      else expect(result).toMatchObject({ code: 0, signal: null });
    }
    for (const ending of ["detach the capture program", "read the counters", "close the capture"]) {
      expect(failures.join("")).toContain(`ringcap: error: ${ending}: `);
    }
    for (const text of failures) expect(text).toMatch(/^ringcap: error: /m);
    for (const text of failures) expect(text).not.toMatch(/^ {4}at /m);
  });
});
