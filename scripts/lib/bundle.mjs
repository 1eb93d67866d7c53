// Puts what tsc made of hundreds of modules into a few files: a start then takes less time to find, read and compile them.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

const COMMAND_LINE = "dist/bundle";
const MAIN = `${COMMAND_LINE}/main.cjs`;

/** One of the files that bundle() makes. */
export const BUNDLED_COMMAND_LINE = `${COMMAND_LINE}/command-line.cjs`;

/** Functions and classes keep their names, so that a stack trace can be read. Local names become short ones. */
const MINIFIED_COMMAND_LINE = {
  mangle: { keepNames: { function: true, class: true } },
  compress: { keepNames: { function: true, class: true } },
  codegen: { removeWhitespace: true },
};
/** Programs that use the library meet all names of it in a debugger, as they are in its sources. */
const MINIFIED_LIBRARY = { mangle: false, compress: false, codegen: { removeWhitespace: true } };

/** @typedef {typeof import("rolldown").rolldown} Rolldown */

export async function bundle() {
  const { rolldown } = await import("rolldown");
  await bundleCommandLine(rolldown);
  await bundleLibrary(rolldown);
}

/**
 * The command line and the libraries it uses, without comments, indentation and long local names. What every command needs is in one file, and
 * what a capture needs besides in another. All lie as far below the package as the modules do, which find the addon and the
 * BPF objects by their own place.
 *
 * @param {Rolldown} rolldown
 */
async function bundleCommandLine(rolldown) {
  const commandLine = await rolldown({
    input: "dist/cli/command-line.js",
    platform: "node",
    external: ["node-gyp-build"],
  });
  await commandLine.write({
    dir: COMMAND_LINE,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    codeSplitting: {
      groups: [
        { name: "start", tags: ["$initial"], priority: 1 },
        { name: "capture", test: /dist\/cli\/capture-command\.js$/ },
      ],
    },
    comments: false,
    minify: MINIFIED_COMMAND_LINE,
  });
  for (const name of readdirSync(COMMAND_LINE)) {
    const file = join(COMMAND_LINE, name);
    writeFileSync(file, knownAscii(readFileSync(file, "utf8")));
  }
  // What runs first. It loads the others by itself.
  const main = await rolldown({ input: "dist/cli/main.js", platform: "node" });
  await main.write({ file: MAIN, format: "cjs", codeSplitting: false });
}

/**
 * The source in ASCII, which V8 reads faster than text of two bytes a character, behind a line that tells it from other
 * sources (src/cli/kept-code.ts).
 *
 * @param {string} source
 */
function knownAscii(source) {
  const escaped = source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `// ${createHash("sha256").update(escaped).digest("hex")}\n${escaped}`;
}

/**
 * The modules that package.json exports take the place of those that tsc made. What they share is in files of its own, so that
 * a class is the same in all of them. The module of the error class stays as it is, so that tests and benchmarks, which use other
 * modules beside these, have the same class too.
 *
 * @param {Rolldown} rolldown
 */
async function bundleLibrary(rolldown) {
  const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const modules = new Set(modulesIn(exports));
  // Names without a slash keep what is shared in one folder, as far below the package as the modules are.
  const input = Object.fromEntries([...modules].map((file) => [basename(file.replace("/index.js", ""), ".js"), file]));
  const library = await rolldown({
    input,
    platform: "node",
    external: [...Object.keys({ ...dependencies, ...peerDependencies }), /[/]dist[/]errors\.js$/],
  });
  await library.write({
    dir: "dist",
    format: "esm",
    entryFileNames: ({ facadeModuleId }) => relative("dist", facadeModuleId ?? ""),
    chunkFileNames: ({ name }) => `shared/${name.replaceAll("~", "-")}.js`,
    codeSplitting: { groups: [{ name: "library", entriesAware: true }] },
    comments: false,
    minify: MINIFIED_LIBRARY,
  });
}

/** @param {unknown} exported a file, or files by condition @returns {string[]} */
function modulesIn(exported) {
  if (typeof exported === "string") return /^\.\/dist\/.*\.js$/.test(exported) ? [exported] : [];
  return Object.values(exported ?? {}).flatMap(modulesIn);
}
