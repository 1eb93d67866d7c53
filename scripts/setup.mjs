// Makes a fresh clone ready: Debian packages, npm packages, build. Quick when nothing is missing.
//
//   node scripts/setup.mjs              what building and the demo need
//   node scripts/setup.mjs --for-tests  and the tools that the tests judge with
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installDebianPackages } from "./lib/debian-packages.mjs";
import { unpackServers } from "./lib/debian-servers.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const compilers = ["clang", "llvm", "gcc", "g++", "make", "python3"];
const libraries = ["libbpf-dev", "libelf-dev", "zlib1g-dev", "linux-libc-dev"];
const forTheDemo = ["iproute2", "procps"];
const forTests = [
  "clang-format",
  "libpcap0.8",
  "tcpdump",
  "tshark",
  "tcpreplay",
  "ethtool",
  "bpftool",
  "bsdutils",
  "chromium",
  "libcap2-bin",
  "bzip2",
  "lz4",
  "openssl",
  "python3-prometheus-client",
  "systemd",
  "xz-utils",
  "zstd",
];
const isForTests = process.argv.includes("--for-tests");
const wanted = [...compilers, ...libraries, ...forTheDemo, ...(isForTests ? forTests : [])];

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function run(command, args, env = process.env) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) fail(`${command} ${args.join(" ")} failed\n${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}`);
}

function installNpmPackages() {
  const stamp = "node_modules/.ringcap-lock";
  const hash = createHash("sha256").update(readFileSync("package-lock.json")).update(process.version).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  process.stderr.write("setup: npm ci\n");
  // None of the packages needs a script of its own to run at installation.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  mkdirSync("node_modules", { recursive: true });
  writeFileSync(stamp, hash);
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Node.js 20.19 or later is needed, this is ${process.version}`);
try {
  installDebianPackages(wanted);
  if (isForTests) unpackServers();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
installNpmPackages();
execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
