/** A copy of the built package, as it is installed: readable by everybody, and free to be broken. */
import { chmodSync, cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./temporary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["package.json", "dist", "build/Release/ringcap.node", "node_modules/node-gyp-build"];

export interface Installation {
  readonly directory: string;
  /** What node runs. */
  readonly script: string;
}

/** Only inside a test. */
export function installCopy(): Installation {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  for (const part of parts) cpSync(join(root, part), join(directory, part), { recursive: true });
  return { directory, script: join(directory, "dist/cli/main.js") };
}
