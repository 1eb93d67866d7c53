/** A copy of the built command line, as it is installed: readable by everybody, and free to be broken. */
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./temporary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What the command line runs of the package: without its library, whose two thousand files take seconds to copy. */
const parts = [
  "package.json",
  "dist/bundle/main.cjs",
  "dist/bundle",
  "dist/bpf",
  "build/Release/ringcap.node",
  "node_modules/node-gyp-build",
];

export interface Installation {
  readonly directory: string;
  /** What node runs. */
  readonly script: string;
}

/** Only inside a test. */
export function installCopy(): Installation {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  for (const part of parts) {
    mkdirSync(dirname(join(directory, part)), { recursive: true });
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  return { directory, script: join(directory, "dist/bundle/main.cjs") };
}
