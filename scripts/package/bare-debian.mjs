// The package on a Debian that has only Node.js, without a network: what a user does there, from `npm i -g` to the report.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { layRoot } from "./bare-root.mjs";

/**
 * @param {import("./index.mjs").Packed} packed
 * @param {"bookworm" | "bullseye"} suite
 * @returns {Promise<string>}
 */
export async function checkBareDebian({ tarball, folder, signal }, suite) {
  const root = mkdtempSync(join(folder, "root-"));
  try {
    layRoot(suite, "amd64", tarball, root);
    return await enter(root, signal);
  } finally {
    // Its mounts went with the namespace of the processes in it.
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param {string} root @param {AbortSignal} signal @returns {Promise<string>} the last line of what was said */
function enter(root, signal) {
  const words = ["--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "scripts/package/enter-root.sh", root];
  const child = spawn("unshare", words, { signal, killSignal: "SIGKILL", stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output.trimEnd().split("\n").at(-1) ?? "");
      else reject(new Error(`exit code ${code}\n${output}`));
    });
  });
}
