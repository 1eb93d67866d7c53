// Kernel modules for the guest, with those that they need, in the form that modprobe finds them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Whatever of these is part of the kernel itself has no file. */
const WANTED = ["veth", "sch_ingress", "cls_bpf", "8021q"];

/**
 * @param {string} kernel the unpacked package
 * @param {string} release
 * @param {string} to the folder of the initramfs
 */
export function copyModules(kernel, release, to) {
  const from = join(kernel, "lib/modules", release, "kernel");
  const files = new Map(
    readdirSync(from, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.ko(\.xz)?$/.test(path))
      .map((path) => [nameOf(path), join(from, path)]),
  );
  const target = join(to, "lib/modules", release);
  mkdirSync(target, { recursive: true });
  /** @type {Map<string, string[]>} */
  const needs = new Map();
  const copy = (/** @type {string} */ name) => {
    const path = files.get(name);
    if (path === undefined || needs.has(name)) return;
    const bytes = path.endsWith(".xz") ? execFileSync("xz", ["-dc", path], { maxBuffer: 1 << 28 }) : readFileSync(path);
    writeFileSync(join(target, `${name}.ko`), bytes);
    const needed = dependenciesOf(bytes);
    needs.set(name, needed);
    for (const other of needed) copy(other);
  };
  for (const name of WANTED) copy(name);
  const lines = [...needs.keys()].map((name) => `${name}.ko: ${allNeeds(name, needs).join(" ")}\n`);
  writeFileSync(join(target, "modules.dep"), lines.join(""));
}

/** @param {string} path */
function nameOf(path) {
  return basename(path)
    .replace(/\.ko(\.xz)?$/, "")
    .replaceAll("-", "_");
}

/** @param {Buffer} module its section .modinfo has "depends=" and the names */
function dependenciesOf(module) {
  const start = module.indexOf("\0depends=") + 9;
  const text = module.subarray(start, module.indexOf(0, start)).toString();
  return text === "" ? [] : text.split(",").map((name) => name.replaceAll("-", "_"));
}

/**
 * modules.dep names also what the needed modules need, in the reverse order of loading.
 *
 * @param {string} name
 * @param {ReadonlyMap<string, readonly string[]>} needs
 * @returns {string[]}
 */
function allNeeds(name, needs) {
  const direct = (needs.get(name) ?? []).filter((other) => needs.has(other));
  return [...new Set(direct.flatMap((other) => [`${other}.ko`, ...allNeeds(other, needs)]))];
}
