// Servers of Debian that tests ask. Their packages are unpacked and not installed, because whoever installs one has it run
// as a service from then on.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./cache.mjs";

const directory = join(cache, "debian-servers");
/** The programs of each package, within it. @type {Record<string, readonly string[]>} */
const PROGRAMS = {
  "nats-server": ["usr/sbin/nats-server"],
  prometheus: ["usr/bin/prometheus", "usr/bin/promtool"],
};

/** Where a program is: the installed one, or that of the unpacked package. @param {string} name @returns {string} */
export function serverProgram(name) {
  const found = spawnSync("which", [name], { encoding: "utf8", env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  if (found.status === 0) return found.stdout.trim();
  for (const [debianPackage, paths] of Object.entries(PROGRAMS)) {
    const path = paths.find((candidate) => candidate.endsWith(`/${name}`));
    if (path !== undefined) return join(directory, debianPackage, path);
  }
  throw new Error(`${name} is none of ${Object.values(PROGRAMS).flat().join(", ")}`);
}

/** Unpacks the servers that are neither installed nor unpacked. Without a package manager of Debian's nothing happens. */
export function unpackServers() {
  const isMissing = (/** @type {string} */ path) => !existsSync(serverProgram(path.slice(path.lastIndexOf("/") + 1)));
  const missing = Object.keys(PROGRAMS).filter((name) => PROGRAMS[name]?.some(isMissing));
  if (missing.length === 0 || spawnSync("apt-get", ["--version"]).error) return;
  process.stderr.write(`setup: unpacking ${missing.join(" ")}\n`);
  mkdirSync(directory, { recursive: true });
  const folder = mkdtempSync(join(directory, "download-"));
  try {
    download(missing, folder);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb"))) {
      const [name = ""] = file.split("_");
      execFileSync("dpkg-deb", ["--extract", join(folder, file), join(folder, name)]);
      rmSync(join(directory, name), { recursive: true, force: true });
      renameSync(join(folder, name), join(directory, name));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {readonly string[]} names @param {string} folder */
function download(names, folder) {
  const words = ["-o", "APT::Sandbox::User=root", "download", ...names];
  const first = spawnSync("apt-get", words, { cwd: folder });
  if (first.status === 0) return;
  if (process.getuid?.() === 0) spawnSync("apt-get", ["update", "--quiet"]);
  const { status, stderr } = spawnSync("apt-get", words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`apt-get ${words.join(" ")} failed\n${stderr}`);
}
