// The guest's jobs as one module: Node.js 20 reads no TypeScript.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** @param {string} folder @returns {string} path of the module */
export function bundleJobs(folder) {
  const file = join(folder, "main.js");
  const words = ["--file", file, "--platform", "node", "--transform.target", "node20"];
  const external = ["--external", "node-gyp-build"];
  const command = ["--no-install", "rolldown", "test/kernels/main.ts", ...words, ...external];
  execFileSync("npx", command, { stdio: ["ignore", "ignore", "inherit"] });
  return file;
}
