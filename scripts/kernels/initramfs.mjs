// What the guest boots with: two archives one behind the other, which the kernel unpacks over each other. The first, with
// node and the kernel's modules, is kept in the cache; the second is the project as it is built here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { copyModules } from "./modules.mjs";
import { copyUserland } from "./userland.mjs";

const PACKAGE = JSON.parse(readFileSync("package.json", "utf8"));

/** It changes with every package that is installed, and so with every program and library that is copied. */
const PACKAGES_OF_THIS_MACHINE = "/var/lib/dpkg/status";

/**
 * @param {string} kernel the unpacked package
 * @param {import("./machines.mjs").Machine} machine
 * @param {import("./userland.mjs").Userland} userland
 * @param {string} cache
 * @returns {string} path of the archive
 */
export function baseArchive(kernel, machine, userland, cache) {
  const [release = ""] = readdirSync(join(kernel, "lib/modules"));
  const scripts = ["init.sh", "initramfs.mjs", "modules.mjs", "libraries.mjs", "userland.mjs"];
  const hash = createHash("sha256").update(kernel);
  for (const file of [userland.node, PACKAGES_OF_THIS_MACHINE]) hash.update(`${file} ${statSync(file).mtimeMs}`);
  for (const script of scripts) hash.update(readFileSync(join("scripts/kernels", script)));
  const archive = join(cache, "initramfs", `${release}-${hash.digest("hex").slice(0, 12)}.cpio`);
  if (existsSync(archive)) return archive;
  // What was made for this kernel before is not asked for any more.
  mkdirSync(join(cache, "initramfs"), { recursive: true });
  for (const name of readdirSync(join(cache, "initramfs"))) {
    if (name.startsWith(`${release}-`)) rmSync(join(cache, "initramfs", name), { recursive: true });
  }
  const folder = mkdtempSync(`${archive}-`);
  try {
    const files = join(folder, "files");
    copyUserland(userland, machine, files);
    copyModules(kernel, release, files);
    cpSync("scripts/kernels/init.sh", join(files, "init"));
    appendArchive(files, join(folder, "cpio"));
    renameSync(join(folder, "cpio"), archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return archive;
}

/**
 * Lays the project out as it is installed.
 *
 * @param {string} addon for the guest's architecture
 * @param {string} jobs the guest's jobs as one module
 * @param {object} settings what the jobs are told
 * @param {string} to an empty folder
 */
export function copyProject(addon, jobs, settings, to) {
  const project = join(to, "ringcap");
  const dependencies = Object.keys(PACKAGE.dependencies).map((name) => `node_modules/${name}`);
  for (const part of ["package.json", "dist", "fixtures", ...dependencies]) {
    cpSync(part, join(project, part), { recursive: true });
  }
  mkdirSync(join(project, "build/Release"), { recursive: true });
  cpSync(addon, join(project, "build/Release/ringcap.node"));
  mkdirSync(join(project, "dist/kernels"));
  cpSync(jobs, join(project, "dist/kernels/main.js"));
  writeFileSync(join(project, "dist/kernels/settings.json"), JSON.stringify(settings));
}

/** @param {string} folder @param {string} file what it holds already stays */
export function appendArchive(folder, file) {
  const descriptor = openSync(file, "a");
  try {
    const words = ["-c", "find . -mindepth 1 -print0 | cpio --create --null --format=newc --owner=0:0 --quiet"];
    const { status, stderr } = spawnSync("sh", words, { cwd: folder, stdio: ["ignore", descriptor, "pipe"] });
    if (status !== 0) throw new Error(`cpio: ${stderr}`);
  } finally {
    closeSync(descriptor);
  }
}
