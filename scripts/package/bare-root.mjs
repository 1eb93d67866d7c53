// A Debian with nothing but its essential packages, Node.js and npm: a folder for chroot(8), kept in the cache.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../lib/cache.mjs";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { nodeOfNpm, packageOfNpm } from "../lib/node-of-npm.mjs";

/** For the man pages; it brings neither a compiler nor Python along. */
const READER_OF_MAN_PAGES = "man-db";
const NODE_VERSION = 22;
const NPM = "npm@11";

/**
 * Lays the system, the package and what tries it.
 *
 * @param {"bookworm" | "bullseye"} suite
 * @param {"amd64" | "arm64"} architecture
 * @param {string} tarball
 * @param {string} to an empty folder
 */
export function layRoot(suite, architecture, tarball, to) {
  execFileSync("cp", ["--archive", `${bareRoot(suite, architecture)}/.`, to]);
  cpSync(tarball, join(to, "ringcap.tgz"));
  cpSync("scripts/package/try-package.mjs", join(to, "try-package.mjs"));
}

/**
 * @param {"bookworm" | "bullseye"} suite
 * @param {"amd64" | "arm64"} architecture if it is another machine's, the packages are unpacked, and none is configured
 * @returns {string} path of the folder, which nothing may change
 */
function bareRoot(suite, architecture) {
  const folder = join(cache, "roots", `${suite}-${architecture}`);
  if (existsSync(folder)) return folder;
  installDebianPackages(["debootstrap"]);
  mkdirSync(join(cache, "roots"), { recursive: true });
  const temporary = mkdtempSync(`${folder}-`);
  try {
    debootstrap(suite, architecture, temporary);
    layNode(architecture, temporary);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** @param {string} suite @param {string} architecture @param {string} to */
function debootstrap(suite, architecture, to) {
  process.stderr.write(`package: making a bare ${suite} for ${architecture}\n`);
  const kind = architecture === "arm64" ? "--foreign" : `--include=${READER_OF_MAN_PAGES}`;
  const words = ["--variant=minbase", `--arch=${architecture}`, kind, suite, to];
  const { status, stdout, stderr } = spawnSync("debootstrap", words, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`debootstrap ${words.join(" ")} failed\n${stdout.slice(-2000)}${stderr}`);
  for (const part of ["debootstrap", "var/cache/apt", "var/lib/apt/lists"]) {
    rmSync(join(to, part), { recursive: true, force: true });
  }
}

/** Where the archives of nodejs.org lay them. @param {"amd64" | "arm64"} architecture @param {string} root */
function layNode(architecture, root) {
  const local = join(root, "usr/local");
  const name = architecture === "arm64" ? "arm64" : "x64";
  mkdirSync(join(local, "lib/node_modules"), { recursive: true });
  cpSync(nodeOfNpm(cache, `node-linux-${name}@${NODE_VERSION}`), join(local, "bin/node"));
  cpSync(packageOfNpm(cache, NPM), join(local, "lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"));
}
