import { defineConfig } from "vitest/config";

/**
 * Tests of the kernel and the command line that need this machine for themselves: they flood, set its clock, or compare
 * the times or the CPUs of packets.
 */
const alone = [
  "test/kernel/ordering.test.ts",
  "test/e2e/connections.test.ts",
  "test/e2e/interface-removed.test.ts",
  "test/e2e/large-packets.test.ts",
  "test/e2e/output-failures.test.ts",
  "test/e2e/pipes.test.ts",
  "test/e2e/quiet-capture.test.ts",
  "test/e2e/ring-full.test.ts",
  "test/e2e/signals.test.ts",
  "test/e2e/time.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: "side by side",
          include: ["test/**/*.test.ts"],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
