// The package in the real Wireshark: installed as a user has it, with the right for a group, on a screen in memory. The picture
// of its window is left in build/wireshark.png.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { lastLineOf } from "./last-line.mjs";

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
  // A SIGTERM lets the script take down what it started.
  return lastLineOf("unshare", [...own, "bash", ...script], { signal, killSignal: "SIGTERM" });
}
