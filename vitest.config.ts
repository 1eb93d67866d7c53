import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

/**
 * Tests of the kernel and the command line that need this machine for themselves: they flood, set its clock, or compare
 * the times, the order or the CPUs of what happens. Every other file shares it with WORKERS - 1 at a time.
 */
const alone = [
  "test/kernel/connections-order.test.ts",
  "test/kernel/connections-unseen.test.ts",
  "test/kernel/ordering.test.ts",
  "test/e2e/interface-removed.test.ts",
  "test/e2e/large-packets.test.ts",
  "test/e2e/packet-hook-floods.test.ts",
  "test/e2e/quiet-capture.test.ts",
  "test/e2e/rate-limit.test.ts",
  "test/e2e/ring-full.test.ts",
  "test/e2e/send.test.ts",
  "test/e2e/send-engines.test.ts",
  "test/e2e/send-refusals.test.ts",
  "test/e2e/send-varied.test.ts",
  "test/e2e/signals.test.ts",
  "test/e2e/time.test.ts",
];

/**
 * For tests that hang: no test knows how quick the machine is. What a test waits for comes while it runs, or never; a
 * little earlier than the test the wait ends, and its message has the last value.
 */
const TEST_TIMEOUT_MILLISECONDS = 180_000;
const POLL_TIMEOUT_MILLISECONDS = 170_000;

/** Files at a time. Their tests wait for the kernel often, so that two files leave two CPUs idle for a third of the time. */
const WORKERS = 3;

/** Node.js reads the file of this variable at each of a thousand starts, which takes 40 ms of a CPU. No test asks for other authorities. */
delete process.env.NODE_EXTRA_CA_CERTS;

function project(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration["test"]>,
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } };
}

export default defineConfig({
  test: {
    testTimeout: TEST_TIMEOUT_MILLISECONDS,
    hookTimeout: TEST_TIMEOUT_MILLISECONDS,
    expect: { poll: { timeout: POLL_TIMEOUT_MILLISECONDS, interval: 20 } },
    retry: 0,
    projects: [
      // These change nothing of the process that they share.
      project("unit", { include: ["test/unit/**/*.test.ts"], isolate: false, maxWorkers: WORKERS }),
      project("side by side", {
        include: ["test/{native,kernel,e2e}/**/*.test.ts", "examples/**/*.test.ts"],
        exclude: alone,
        maxWorkers: WORKERS,
      }),
      project("alone", { include: alone, fileParallelism: false, sequence: { groupOrder: 1 } }),
    ],
  },
});
