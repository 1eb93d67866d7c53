// The declarations that the package has for TypeScript, made of those of the build: what its entries reach, once for
// `import` in dist/types/module and once for `require` in dist/types/commonjs. Both are the same files. A compiler takes
// from the nearest package.json whether a file describes a module or CommonJS, and refuses the wrong one
// (https://www.typescriptlang.org/docs/handbook/modules/reference.html#module-format-detection).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const FOLDER = "dist/types";
const FORMATS = ["module", "commonjs"];
/** The compiler leaves the endings of the sources in declarations. */
const SPECIFIER = /(from |import\()"(\.[^"]+)\.ts"/g;
/** What TypeScript before 5.7 writes without a parameter, which stands for all buffers in later versions. */
const GENERIC_BUFFER = /\b(Buffer|DataView|\w+Array)<ArrayBuffer(?:Like)?>/g;
/** Versions of TypeScript that look for no types by themselves must know those of Node.js all the same. */
const REFERENCE = '/// <reference types="node" />\n';
const OF_NODE = /\b(?:Buffer|NodeJS|AbortSignal|URL)\b|"node:/;
const COMMENT = /\/\*[\s\S]*?\*\//g;

export function layTypes() {
  const declarations = reachable(entries());
  rmSync(FOLDER, { recursive: true, force: true });
  for (const format of FORMATS) {
    mkdirSync(join(FOLDER, format), { recursive: true });
    writeFileSync(join(FOLDER, format, "package.json"), `{ "type": "${format}" }\n`);
    for (const [file, text] of declarations) {
      const path = join(FOLDER, format, relative("dist", file));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}

/** @returns {string[]} the declarations of the package's entries */
function entries() {
  /** @type {{ exports: Record<string, unknown> }} */
  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  return Object.values(exports)
    .map((target) => JSON.stringify(target).match(/dist\/[^"]+\.js/)?.[0])
    .flatMap((file) => (file === undefined ? [] : file.replace(/\.js$/, ".d.ts")));
}

/** @param {string[]} first @returns {Map<string, string>} path and text of each declaration that these need */
function reachable(first) {
  const found = new Map();
  const waiting = [...first];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    const text = readFileSync(file, "utf8");
    for (const [, , specifier] of text.matchAll(SPECIFIER)) waiting.push(join(dirname(file), `${specifier}.d.ts`));
    const reference = OF_NODE.test(text.replace(COMMENT, "")) ? REFERENCE : "";
    found.set(file, reference + text.replace(SPECIFIER, '$1"$2.js"').replace(GENERIC_BUFFER, "$1"));
  }
  return found;
}
