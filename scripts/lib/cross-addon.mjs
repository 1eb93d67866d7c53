// Builds the addon for arm64 on another machine: by Debian's cross compiler, with the static libraries of Debian's arm64
// packages, which are unpacked in the cache beside the system.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { filesIn, step } from "./build-step.mjs";
import { cache } from "./cache.mjs";
import { installDebianPackages } from "./debian-packages.mjs";
import { PackageSource } from "./package-source.mjs";

const TRIPLET = "aarch64-linux-gnu";
/** node-gyp builds where binding.gyp is: here, that the build for this machine stays. */
const DIRECTORY = "build/arm64";
const SOURCES = ["binding.gyp", "native", "bpf", "node_modules", "package.json"];

const ADDON = join(DIRECTORY, "build/Release/ringcap.node");

/** @returns {Promise<string>} path of the addon @throws {Error} what to install, or what the compiler said */
export async function crossBuildAddon() {
  installDebianPackages([`g++-${TRIPLET}`]);
  const packages = new PackageSource(cache, "arm64").unpacked(["libbpf-dev", "libelf-dev", "zlib1g-dev"]);
  const archives = join(packages, "usr/lib", TRIPLET);
  const inputs = [
    ...["binding.gyp", "scripts/lib/cross-addon.mjs", ...filesIn("bpf", /\.h$/), ...filesIn("native", /\.(h|cc|c)$/)],
    ...filesIn(archives, /^lib(bpf|elf|z)\.a$/),
  ];
  await step("addon for arm64", inputs, [ADDON], () => crossBuild(archives));
  return ADDON;
}

/** @param {string} archives the folder of the static libraries */
function crossBuild(archives) {
  mkdirSync(DIRECTORY, { recursive: true });
  for (const source of SOURCES) {
    const link = join(DIRECTORY, source);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(join("../..", source), link);
  }
  // Where the compiler looks for archives before its own folders.
  const first = `-B${archives}/`;
  const env = {
    ...process.env,
    CC: `${TRIPLET}-gcc ${first}`,
    CXX: `${TRIPLET}-g++ ${first}`,
    AR: `${TRIPLET}-ar`,
    OBJCOPY: `${TRIPLET}-objcopy`,
  };
  const words = ["configure", "build", "--directory", DIRECTORY, "--arch", "arm64", "--jobs", "max"];
  try {
    execFileSync("npx", ["--no-install", "node-gyp", ...words], { env, stdio: "pipe", maxBuffer: 1 << 26 });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? `\n${error.stderr}` : "";
    throw new Error(`the addon for arm64 cannot be built${said}`, { cause: error });
  }
}
