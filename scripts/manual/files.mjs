/**
 * All files that are made of the tree of commands.
 *
 * @import { DeclaredProgram } from "./tree.mjs"
 */
import { bashCompletion } from "./bash.mjs";
import { fishCompletion } from "./fish.mjs";
import { manualPages } from "./pages.mjs";
import { describeProgram } from "./tree.mjs";
import { zshCompletion } from "./zsh.mjs";

/** @param {{ declareAll(): DeclaredProgram }} program @returns {Map<string, string>} the texts by their names below packaging/ */
export function generatedFiles(program) {
  const tree = describeProgram(program.declareAll());
  return new Map([
    ...[...manualPages(tree)].map(([name, text]) => /** @type {const} */ ([`man/${name}`, text])),
    ["completion/ringcap.bash", bashCompletion(tree)],
    ["completion/_ringcap", zshCompletion(tree)],
    ["completion/ringcap.fish", fishCompletion(tree)],
  ]);
}

/** The pages as package.json lists them, for npm to link. @param {ReadonlyMap<string, string>} files @returns {string[]} */
export function pagesInManifest(files) {
  return [...files.keys()]
    .filter((name) => name.startsWith("man/"))
    .map((name) => `./packaging/${name}`)
    .sort();
}
