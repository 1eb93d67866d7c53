// Debian's packages of one architecture, unpacked in the cache and never installed: apt-get keeps its lists there too, so
// that neither root nor a second architecture in the system is needed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const LISTS_AGE_MAX = 24 * 60 * 60 * 1000;
/** Milliseconds after which unpacked packages that nothing asked for are removed. */
const UNUSED_MAX = 30 * LISTS_AGE_MAX;

export class PackageSource {
  #directory;
  #unpacked;
  #options;

  /** @param {string} cache a folder @param {string} architecture as Debian names it */
  constructor(cache, architecture) {
    this.#directory = join(cache, "debian", architecture);
    const state = join(this.#directory, "state");
    const archives = join(this.#directory, "cache");
    mkdirSync(join(state, "lists/partial"), { recursive: true });
    mkdirSync(join(archives, "archives/partial"), { recursive: true });
    this.#unpacked = join(this.#directory, "unpacked");
    mkdirSync(this.#unpacked, { recursive: true });
    // As on a machine where nothing is installed.
    writeFileSync(join(state, "status"), "");
    const settings = {
      "Dir::State": state,
      "Dir::State::status": join(state, "status"),
      "Dir::Cache": archives,
      "APT::Architecture": architecture,
      "APT::Architectures": architecture,
      "APT::Sandbox::User": "root",
      "APT::Update::Error-Mode": "any",
    };
    this.#options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    this.#removeUnused();
    this.#refresh();
  }

  /** @param {string} command @param {readonly string[]} args @param {string} [cwd] */
  #apt(command, args, cwd = this.#directory) {
    /** @type {import("node:child_process").StdioOptions} */
    const stdio = ["ignore", "pipe", "pipe"];
    const words = [...this.#options, ...args];
    return execFileSync(command, words, { cwd, encoding: "utf8", stdio, maxBuffer: 1 << 26 });
  }

  /** Reads the lists again when they are more than a day old. What is there serves where the mirror cannot be reached. */
  #refresh() {
    const stamp = join(this.#directory, "refreshed");
    const isThere = existsSync(stamp);
    if (isThere && Date.now() - statSync(stamp).mtimeMs < LISTS_AGE_MAX) return;
    try {
      this.#apt("apt-get", ["update", "--quiet"]);
      writeFileSync(stamp, "");
    } catch (error) {
      if (!isThere) throw error;
      process.stderr.write(`packages: the lists of Debian's packages are older than a day: ${messageOf(error)}\n`);
    }
  }

  #removeUnused() {
    for (const name of readdirSync(this.#unpacked)) {
      const path = join(this.#unpacked, name);
      if (Date.now() - statSync(path).mtimeMs > UNUSED_MAX) rmSync(path, { recursive: true });
    }
  }

  /**
   * The kernel that a metapackage stands for today.
   *
   * @param {string} metapackage
   */
  kernelOf(metapackage) {
    const text = this.#apt("apt-cache", ["depends", metapackage]);
    const name = /Depends: (linux-image-\d\S*)/.exec(text)?.[1];
    if (name === undefined) throw new Error(`${metapackage} depends on no kernel:\n${text}`);
    return name;
  }

  /**
   * The newest of the packages whose names match.
   *
   * @param {string} pattern
   */
  newest(pattern) {
    const lines = this.#apt("apt-cache", ["search", "--names-only", pattern]).split("\n");
    const names = lines.map((line) => line.split(" ")[0] ?? "").filter((name) => name !== "");
    const last = names.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
    if (last === undefined) throw new Error(`Debian's lists have no package ${pattern}`);
    return last;
  }

  /**
   * A folder with what is in the packages. It is made at the first call for these versions of them.
   *
   * @param {readonly string[]} names
   * @param {{ withDependencies?: boolean }} [options]
   */
  unpacked(names, { withDependencies = false } = {}) {
    const words = withDependencies ? ["install", "--yes", "--no-install-recommends"] : ["download"];
    const uris = this.#apt("apt-get", [...words, "--quiet=2", "--print-uris", ...names]);
    // A line for each: 'http://...' name_version_architecture.deb size hash
    const files = [...uris.matchAll(/^'\S+' (\S+)/gm)].map(([, file = ""]) => file).sort();
    const versions = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
    const folder = join(this.#unpacked, `${names[0]}-${versions}`);
    if (!existsSync(folder)) {
      const packages = files.map((file) => file.split("_")[0] ?? "");
      process.stderr.write(
        `packages: downloading ${names.join(" ")}${withDependencies ? " and what they need" : ""}\n`,
      );
      this.#unpack(packages, folder);
    }
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }

  /** @param {readonly string[]} packages @param {string} folder */
  #unpack(packages, folder) {
    const temporary = mkdtempSync(`${folder}-`);
    try {
      this.#apt("apt-get", ["download", "--quiet=2", ...packages], temporary);
      for (const file of readdirSync(temporary)) {
        execFileSync("dpkg-deb", ["--extract", join(temporary, file), join(temporary, "root")]);
      }
      renameSync(join(temporary, "root"), folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? (error.message.split("\n").at(-1) ?? "") : String(error);
}
