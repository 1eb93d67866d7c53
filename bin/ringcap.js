#!/usr/bin/env -S node --inspect-port=240.0.0.1:9229
/** What the name `ringcap` runs, also before anything is built. The option above keeps the inspector closed: see src/cli/main.ts. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/cli/main.js", import.meta.url);
/** A build that was interrupted has the first one without the second. */
const needed = [main, new URL("../dist/bundle/command-line.cjs", import.meta.url)];
const missing = needed.find((file) => !existsSync(file));

if (missing === undefined) {
  await import(main.href);
} else {
  const directory = fileURLToPath(new URL("..", import.meta.url));
  process.stderr.write(
    `ringcap: error: ${fileURLToPath(missing)} is not there: ringcap has not been built\n` +
      `ringcap: build it: npm --prefix '${directory}' run setup\n`,
  );
  process.exitCode = 1;
}
