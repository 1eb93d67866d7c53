// The shared libraries of programs, found by what their files ask for.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Copies the libraries of programs, and those that the libraries need.
 *
 * @param {readonly string[]} programs paths
 * @param {string} root the folder that has lib and usr/lib: "/", or where packages were unpacked
 * @param {string} triplet
 * @param {string} to the folder of the initramfs
 */
export function copyLibraries(programs, root, triplet, to) {
  const places = [`lib/${triplet}`, `usr/lib/${triplet}`, "lib", "usr/lib"];
  const copied = new Set();
  const copy = (/** @type {string} */ name) => {
    if (copied.has(name)) return;
    copied.add(name);
    const place = places.find((folder) => existsSync(join(root, folder, name)));
    if (place === undefined) throw new Error(`the library ${name} is not in ${root}`);
    const path = realpathSync(join(root, place, name));
    const target = join(to, "usr/lib", triplet, name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
    for (const other of neededBy(path)) copy(other);
  };
  for (const name of programs.flatMap(neededBy)) copy(name);
}

/** @param {string} file @returns {string[]} */
function neededBy(file) {
  const text = execFileSync("readelf", ["--dynamic", "--wide", file], { encoding: "utf8" });
  return [...text.matchAll(/\(NEEDED\).*\[(.+)\]/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !/^ld-linux/.test(name));
}
