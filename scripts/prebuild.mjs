// Before packing: builds, and lays the addons where node-gyp-build finds them at run time, that of this machine and that
// for arm64 beside it. The BPF objects are the same for both.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crossBuildAddon } from "./lib/cross-addon.mjs";
import { compileExtcapRights } from "./lib/extcap-rights.mjs";
import { symbolsAfterDebian11 } from "./lib/glibc-versions.mjs";
import { writeThirdPartyLicenses } from "./lib/third-party-licenses.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
try {
  if (!existsSync("node_modules")) throw new Error("run `npm run setup` first, which installs what the build needs");
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: ["ignore", 2, 2] });
  rmSync("prebuilds", { recursive: true, force: true });
  lay(process.arch, "build/Release/ringcap.node", "strip", "gcc");
  if (process.arch !== "arm64")
    lay("arm64", await crossBuildAddon(), "aarch64-linux-gnu-strip", "aarch64-linux-gnu-gcc");
  writeThirdPartyLicenses();
} catch (error) {
  process.stderr.write(`prebuild: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/**
 * @param {string} architecture as Node.js names it
 * @param {string} built
 * @param {string} strip the program for its files
 * @param {string} compiler
 */
function lay(architecture, built, strip, compiler) {
  const tooLate = symbolsAfterDebian11(built);
  if (tooLate.length > 0) throw new Error(`${built} cannot be loaded with glibc 2.31: ${tooLate.join(", ")}`);
  const directory = `prebuilds/${process.platform}-${architecture}`;
  const addon = `${directory}/ringcap.napi.glibc.node`;
  mkdirSync(directory, { recursive: true });
  copyFileSync(built, addon);
  execFileSync(strip, ["--strip-unneeded", addon]);
  compileExtcapRights(compiler, `${directory}/extcap-rights`);
}
