// Checks manifests against the schema of Kubernetes, by the package kubernetes-models, which is made from its OpenAPI
// description. Its validation knows types and what is required, and TypeScript refuses fields that there are none of.
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = "kubernetes-models@5.1.0";

/** @param {any[]} manifests @param {string} folder @returns {Promise<void>} */
export async function checkManifests(manifests, folder) {
  const options = ["--prefix", folder, "--silent", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...options, PACKAGE], { stdio: ["ignore", "ignore", "inherit"] });
  /** @type {string[]} */
  const lines = [];
  for (const [index, manifest] of manifests.entries()) {
    const { apiVersion, kind } = manifest;
    const models = await import(join(folder, "node_modules/kubernetes-models", apiVersion, "index.js"));
    new models[kind](manifest).validate();
    lines.push(
      `import type { I${kind} } from "kubernetes-models/${apiVersion}";`,
      `export const manifest${index}: I${kind} = ${JSON.stringify(manifest)};`,
    );
  }
  const file = join(folder, "manifests.ts");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const flags = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "nodenext",
  ];
  const { status, stdout } = spawnSync("node_modules/.bin/tsc", [...flags, file], { encoding: "utf8" });
  if (status !== 0) throw new Error(stdout);
}
