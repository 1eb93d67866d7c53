// The package in the real Wireshark: installed as a user has it, with the right for a group, on a screen in memory. The picture
// of its window is left in build/wireshark.png.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { installDebianPackages } from "../lib/debian-packages.mjs";

const PICTURE = "build/wireshark.png";

/** @param {{ tarball: string, folder: string, signal: AbortSignal }} packed @returns {Promise<string>} what was measured */
export async function checkWireshark({ tarball, folder, signal }) {
  installDebianPackages([
    "wireshark",
    "tshark",
    "xvfb",
    "imagemagick",
    "xdotool",
    "libcap2-bin",
    "iproute2",
    "bpftool",
  ]);
  // Another user runs what is in it.
  chmodSync(folder, 0o755);
  const prefix = join(folder, "wireshark");
  mkdirSync(prefix);
  const words = ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", tarball];
  execFileSync("npm", words, { stdio: ["ignore", "ignore", "pipe"] });
  const own = ["--mount", "--net", "--propagation", "private"];
  const script = ["scripts/package/try-wireshark.sh", prefix, resolve(PICTURE)];
  return run("unshare", [...own, "bash", ...script], signal);
}

/** @param {string} command @param {string[]} args @param {AbortSignal} signal @returns {Promise<string>} its last line */
function run(command, args, signal) {
  const child = spawn(command, args, { signal, killSignal: "SIGTERM", stdio: ["ignore", "pipe", "pipe"] });
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
