// Makes a fresh clone ready: Debian packages, npm packages, build. Quick when nothing is missing.
//
//   node scripts/setup.mjs              what building and the demo need
//   node scripts/setup.mjs --for-tests  and the tools that the tests judge with
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

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
  "libcap2-bin",
];
const wanted = [...compilers, ...libraries, ...forTheDemo, ...(process.argv.includes("--for-tests") ? forTests : [])];

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

/** Without a package manager of Debian's the build says itself what it misses. */
function installDebianPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the format is dpkg-query's own
  const query = spawnSync("dpkg-query", ["-W", "-f", "${Package} ${Status}\n", ...wanted], { encoding: "utf8" });
  if (query.error) return;
  const installed = new Set(
    query.stdout
      .split("\n")
      .filter((line) => line.endsWith(" install ok installed"))
      .map((line) => line.split(" ")[0]),
  );
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0) fail(`Debian packages are missing. Run:\n  sudo apt-get ${install.join(" ")}`);
  process.stderr.write(`setup: installing ${missing.join(" ")}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "--quiet"], env);
  run("apt-get", install, env);
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
installDebianPackages();
installNpmPackages();
execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
