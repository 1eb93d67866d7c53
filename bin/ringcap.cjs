#!/usr/bin/env -S node --inspect-port=240.0.0.1:9229
/** What the name `ringcap` runs, also before anything is built. The option above keeps the inspector closed: see src/cli/main.ts. */
const { existsSync, realpathSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** The least version, as in `engines` of package.json. Earlier ones fail within what is loaded below. */
const LEAST = { major: 20, minor: 19 };
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isOld = major < LEAST.major || (major === LEAST.major && minor < LEAST.minor);

/** Node.js may have been told to take the name of a link for this file (--preserve-symlinks-main). */
const directory = join(dirname(realpathSync(__filename)), "..");
/** A build that was interrupted has one file without the other. */
const needed = ["main.cjs", "command-line.cjs"].map((name) => join(directory, "dist/bundle", name));
const missing = needed.find((file) => !existsSync(file));

if (isOld) {
  process.stderr.write(
    `ringcap: error: ringcap needs Node.js ${LEAST.major}.${LEAST.minor} or later, and this is ${process.versions.node} (${process.execPath})\n` +
      "ringcap: put a later one first on the path: https://nodejs.org/en/download\n",
  );
  process.exitCode = 1;
} else if (missing === undefined) {
  require(needed[0]);
} else {
  process.stderr.write(
    `ringcap: error: ${missing} is not there: ringcap has not been built\n` +
      `ringcap: build it: npm --prefix '${directory}' run setup\n`,
  );
  process.exitCode = 1;
}
