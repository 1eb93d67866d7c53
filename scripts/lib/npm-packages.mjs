// npm's bindings of libpcap, installed and built under build/bench/npm: nobody else needs them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSIONS = { pcap: "3.1.0", cap: "0.2.1" };
const root = fileURLToPath(new URL("../..", import.meta.url));
const prefix = join(root, "build/bench/npm");

/** @typedef {keyof typeof VERSIONS} Name */
/** @type {string | undefined} */
let problem;
let tried = false;

/** Installs both at the first call. @param {Name} name */
export function npmPackage(name) {
  if (!tried) problem = install();
  tried = true;
  return { directory: directoryOf(name), version: VERSIONS[name], problem };
}

/** @param {Name} name */
function directoryOf(name) {
  return join(prefix, "node_modules", name);
}

/** Why they cannot be had, if they cannot. */
function install() {
  const names = /** @type {Name[]} */ (Object.keys(VERSIONS));
  if (names.every(isBuilt)) return undefined;
  if (!existsSync("/usr/include/pcap.h")) return "not installed (apt-get install libpcap-dev)";
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, "package.json"), '{ "private": true }\n');
  process.stderr.write(`bench: installing npm's ${names.join(" and ")} under build/bench/npm\n`);
  const packages = names.map((name) => `${name}@${VERSIONS[name]}`);
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  let failed = failure("npm", ["install", ...options, ...packages]);
  for (const name of names) {
    const arguments_ = ["rebuild", "--directory", directoryOf(name), ...nodeHeaders()];
    failed ??= failure(process.execPath, [join(root, "node_modules/node-gyp/bin/node-gyp.js"), ...arguments_]);
  }
  return failed;
}

/** @param {Name} name */
function isBuilt(name) {
  const directory = directoryOf(name);
  if (!existsSync(join(directory, "build/Release"))) return false;
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).version === VERSIONS[name];
}

/** Node's own headers, where they were installed with it. */
function nodeHeaders() {
  const installation = dirname(dirname(process.execPath));
  return existsSync(join(installation, "include/node/node.h")) ? ["--nodedir", installation] : [];
}

/** @param {string} command @param {string[]} args */
function failure(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { cwd: prefix, encoding: "utf8" });
  if (status === 0) return undefined;
  return `cannot be built: ${error?.message ?? stderr.trim().split("\n").at(-1)}`;
}
