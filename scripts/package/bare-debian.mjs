// The package on a Debian that has only Node.js, without a network: what a user does there, from `npm i -g` to the report.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { layRoot } from "./bare-root.mjs";
import { lastLineOf } from "./last-line.mjs";

/**
 * @param {import("./index.mjs").Packed} packed
 * @param {"bookworm" | "bullseye"} suite
 * @returns {Promise<string>}
 */
export async function checkBareDebian({ tarball, folder, signal }, suite) {
  const root = mkdtempSync(join(folder, "root-"));
  try {
    layRoot(suite, "amd64", tarball, root);
    const words = ["--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "scripts/package/enter-root.sh", root];
    return await lastLineOf("unshare", words, { signal, killSignal: "SIGKILL" });
  } finally {
    // Its mounts went with the namespace of the processes in it.
    rmSync(root, { recursive: true, force: true });
  }
}
