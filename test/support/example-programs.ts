/** The programs of examples/, as JavaScript that every supported Node.js runs. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

/**
 * Makes JavaScript of programs. Their imports stay as they are: build/ is a folder of the package, in which "ringcap" is
 * the package itself.
 */
export async function compileExamples(names: readonly string[]): Promise<{ directory: string; remove: () => void }> {
  mkdirSync("build", { recursive: true });
  const directory = mkdtempSync("build/examples-");
  const input = names.map((name) => join("examples", `${name}.ts`));
  const bundle = await rolldown({ input, external: (id) => !id.endsWith(".ts"), logLevel: "silent" });
  await bundle.write({ dir: directory, format: "esm", entryFileNames: "[name].mjs" });
  await bundle.close();
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
