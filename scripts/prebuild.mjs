// Before packing: builds, and lays the addon of this platform where node-gyp-build finds it at run time.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: ["ignore", 2, 2] });
const directory = `prebuilds/${process.platform}-${process.arch}`;
const addon = `${directory}/ringcap.napi.glibc.node`;
mkdirSync(directory, { recursive: true });
copyFileSync("build/Release/ringcap.node", addon);
execFileSync("strip", ["--strip-unneeded", addon]);
