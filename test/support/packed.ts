/** What the package has in it, as npm would pack it from what is built here. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrFail } from "./run.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly exports: Record<string, string | Record<"import" | "require", { types: string; default: string }>>;
  readonly bin: Record<string, string>;
  readonly man?: readonly string[];
  readonly bundleDependencies: readonly string[];
}

export interface Packed {
  readonly manifest: Manifest;
  /** Paths in the package. */
  readonly files: ReadonlySet<string>;
  /** Bytes of the packed file. */
  readonly size: number;
}

interface PackReport {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

export async function listPackage(): Promise<Packed> {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await runOrFail("npm", words, { cwd: repository });
  // Some versions of npm print a list, others an object by name.
  const [report] = Object.values(JSON.parse(stdout) as Record<string, PackReport>);
  if (report === undefined) throw new Error(`npm pack said ${stdout}`);
  const manifest = JSON.parse(textOf("package.json")) as Manifest;
  return { manifest, files: new Set(report.files.map(({ path }) => path)), size: report.size };
}

/** @param path in the package */
export function textOf(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** What a module or a declaration imports, as the compiler and the bundler write it: at the beginning of a line, or behind a semicolon. */
const IMPORT = /(?:^|;)(?:import|export)\b(?:[\w*{},$\s]*?\bfrom)?\s*"([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** @param path of a module in the package @returns what it imports: paths in the package, and names of packages */
export function importsOf(path: string): string[] {
  const names = [...textOf(path).matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
  return names
    .filter((name) => !name.startsWith("node:"))
    .map((name) => (name.startsWith(".") ? join(dirname(path), name) : name));
}

/** @returns the modules that are loaded with one, itself included, and the packages */
export function reachableFrom(path: string): Set<string> {
  const found = new Set<string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    if (/\.js$/.test(next)) waiting.push(...importsOf(next));
  }
  return found;
}
