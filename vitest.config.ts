import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Namespaces and programs of one test must not share the two cores with another's flood.
    fileParallelism: false,
    retry: 0,
  },
});
