// Builds the addon for arm64 on another machine: by Debian's cross compiler, with the static libraries of Debian's arm64
// packages, which are unpacked in the cache beside the system.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./cache.mjs";
import { installDebianPackages } from "./debian-packages.mjs";
import { PackageSource } from "./package-source.mjs";

const TRIPLET = "aarch64-linux-gnu";
/** node-gyp builds where binding.gyp is: here, that the build for this machine stays. */
const DIRECTORY = "build/arm64";
const SOURCES = ["binding.gyp", "native", "bpf", "node_modules", "package.json"];

/** @returns {string} path of the addon @throws {Error} what to install, or what the compiler said */
export function crossBuildAddon() {
  installDebianPackages([`g++-${TRIPLET}`]);
  const packages = new PackageSource(cache, "arm64").unpacked(["libbpf-dev", "libelf-dev", "zlib1g-dev"]);
  // Where the compiler looks for archives before its own folders.
  const archives = `-B${join(packages, "usr/lib", TRIPLET)}/`;
  mkdirSync(DIRECTORY, { recursive: true });
  for (const source of SOURCES) {
    const link = join(DIRECTORY, source);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(join("../..", source), link);
  }
  const env = {
    ...process.env,
    CC: `${TRIPLET}-gcc ${archives}`,
    CXX: `${TRIPLET}-g++ ${archives}`,
    AR: `${TRIPLET}-ar`,
    OBJCOPY: `${TRIPLET}-objcopy`,
  };
  const words = ["configure", "build", "--directory", DIRECTORY, "--arch", "arm64", "--jobs", "max"];
  process.stderr.write("build: addon for arm64\n");
  try {
    execFileSync("npx", ["--no-install", "node-gyp", ...words], { env, stdio: "pipe", maxBuffer: 1 << 26 });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? `\n${error.stderr}` : "";
    throw new Error(`the addon for arm64 cannot be built${said}`, { cause: error });
  }
  return join(DIRECTORY, "build/Release/ringcap.node");
}
