// A step of a build that is skipped when its inputs did not change: build/stamps holds the hash of what each step last read.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @param {string} directory @param {RegExp} pattern @returns {string[]} */
export function filesIn(directory, pattern) {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => pattern.test(name))
    .map((name) => join(directory, name))
    .sort();
}

/**
 * @param {string} name
 * @param {string[]} inputs files that the step reads
 * @param {string[]} outputs files that it makes
 * @param {() => void | Promise<void>} build
 */
export async function step(name, inputs, outputs, build) {
  const stamp = join("build/stamps", name);
  const hash = createHash("sha256").update(process.version);
  for (const file of [...inputs, "scripts/build.mjs"]) hash.update(file).update(readFileSync(file));
  const wanted = hash.digest("hex");
  const upToDate =
    existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && outputs.every((output) => existsSync(output));
  if (upToDate) return;
  process.stderr.write(`build: ${name}\n`);
  await build();
  mkdirSync("build/stamps", { recursive: true });
  writeFileSync(stamp, wanted);
}
