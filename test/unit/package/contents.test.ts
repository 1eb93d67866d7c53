/** What is in the packed file, and what is not. */
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { importsOf, listPackage, type Packed, reachableFrom, textOf } from "../../support/packed.ts";

const BYTES_MAX = 2_000_000;
/** Of each of the two addons, which are only there once `npm pack` has made them. */
const ADDON_BYTES_MAX = 440_000;

let packed: Packed;
beforeAll(async () => {
  packed = await listPackage();
});

function filesIn(folder: string, pattern = /./): string[] {
  return [...packed.files].filter((path) => path.startsWith(folder) && pattern.test(path));
}

test("the package has what its users look for", () => {
  const wanted = ["README.md", "LICENSE", "CHANGELOG.md", "docs/package.md", "schemas/suite.schema.json"];
  expect([...packed.files]).toEqual(expect.arrayContaining(wanted));
  expect(filesIn("dist/bpf/", /\.bpf\.o$/)).not.toHaveLength(0);
  expect(packed.manifest.man ?? [], "run `npm run manual`").toEqual(
    filesIn("packaging/man/").map((path) => `./${path}`),
  );
});

test("the package has neither sources, nor maps, nor what belongs to one version of Node.js", () => {
  const foreign = /\.map$|\.code-cache$|^src\/|^test\/|(?<!\.d)\.ts$/;
  expect([...packed.files].filter((path) => !/^(?:node_modules|examples)\//.test(path) && foreign.test(path))).toEqual(
    [],
  );
  expect(filesIn("dist/", /\.js$/).filter((path) => textOf(path).includes("sourceMappingURL"))).toEqual([]);
});

test("the names of files in stack traces are plain", () => {
  expect(filesIn("dist/", /[^\w./-]/)).toEqual([]);
});

test("the package has one copy of the command line", () => {
  expect(filesIn("dist/cli/")).toEqual([]);
  expect(filesIn("dist/bundle/")).toEqual(
    expect.arrayContaining(["dist/bundle/main.cjs", "dist/bundle/command-line.cjs"]),
  );
  expect(filesIn("dist/bundle/", /(?<!\.cjs)$/)).toEqual([]);
});

test("the package has at most 2 MB", () => {
  const addons = filesIn("prebuilds/").length;
  expect(packed.size).toBeLessThan(BYTES_MAX - (2 - addons) * ADDON_BYTES_MAX);
});

test("npm finds no script of the package to run when it installs it", () => {
  const { scripts, gypfile } = JSON.parse(textOf("package.json"));
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  expect(gypfile).toBe(false);
  expect(packed.files).not.toContain("binding.gyp");
});

test("the modules that load the addon are found by the name of its loader", () => {
  expect([...reachableFrom("dist/index.js")].some((path) => textOf(path).includes("node-gyp-build"))).toBe(true);
});

test("every module finds in the package what it imports", () => {
  const missing = filesIn("dist/", /\.js$/).flatMap((path) =>
    importsOf(path)
      .filter((name) => !packed.files.has(name) && !packed.files.has(`node_modules/${name}/package.json`))
      .map((name) => `${path}: ${name}`),
  );
  // An optional package that its user installs.
  expect(missing).toEqual(["dist/report/address-database-reader.js: mmdb-lib"]);
});

test("every entry is there, and has types for import and for require", () => {
  for (const [entry, target] of Object.entries(packed.manifest.exports)) {
    const paths = typeof target === "string" ? [target] : Object.values(target).flatMap(Object.values);
    for (const path of paths) expect(packed.files, entry).toContain(path.replace("./", ""));
    if (paths.some((path) => path.endsWith(".js"))) {
      const path = paths
        .find((candidate) => candidate.endsWith(".js"))
        ?.replace("./dist/", "")
        .replace(".js", "");
      const both = (format: string) => ({ types: `./dist/types/${format}/${path}.d.ts`, default: `./dist/${path}.js` });
      expect(target, entry).toEqual({ import: both("module"), require: both("commonjs") });
    }
  }
});

test("declarations import declarations that are there, and only what TypeScript 5.4 knows", () => {
  const declarations = filesIn("dist/types/", /\.d\.ts$/);
  expect(declarations).not.toHaveLength(0);
  const names = declarations.flatMap(importsOf);
  expect(names.filter((name) => !packed.files.has(name.replace(/\.js$/, ".d.ts")))).toEqual([]);
  const later = /\b(?:Buffer|DataView|\w+Array)<Array|\b(?:Array|Map|Set)Iterator<|\bIteratorObject</;
  expect(declarations.filter((path) => later.test(textOf(path)))).toEqual([]);
});

test("pcap-parser and pcap-writer load neither the addon nor any package", () => {
  for (const name of ["pcap-parser", "pcap-writer"]) {
    const modules = [...reachableFrom(`dist/${name}/index.js`)];
    expect(modules.filter((path) => !packed.files.has(path))).toEqual([]);
    expect(modules.filter((path) => textOf(path).includes("node-gyp-build"))).toEqual([]);
  }
});

test("every link of a page in the package leads to a file in the package", () => {
  const pages = [...packed.files].filter((path) => path.endsWith(".md") && !path.startsWith("node_modules/"));
  const dead = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)]
      .map(([, link = ""]) => join(dirname(page), link).replace(/\/$/, ""))
      .filter((path) => !packed.files.has(path) && filesIn(`${path}/`).length === 0)
      .map((path) => `${page}: ${path}`),
  );
  expect(dead).toEqual([]);
});
