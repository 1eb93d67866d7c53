/**
 * The completion for bash: tables of the tree, and shells/ringcap.bash, which reads them.
 *
 * @import { Values } from "../../src/cli/option-values.ts"
 * @import { ProgramNode } from "./tree.mjs"
 */
import { readFileSync } from "node:fs";
import { everyCommand } from "./tree.mjs";

/** Words in one pair of quotes, as the tables of bash have them. @param {readonly string[]} words */
const quoted = (words) => `'${words.join(" ").replaceAll("'", "'\\''")}'`;

/** @param {Values | undefined} values */
function assignments(values) {
  const { words = [], extensions = [], separators = "", prefix = "", fromFile } = values ?? NONE;
  return [
    `kind=${values?.kind ?? "none"}`,
    `words_of_value=${quoted(words)}`,
    `extensions=${quoted([extensions.join("|")])}`,
    `separators=${quoted([separators])}`,
    `prefix=${quoted([prefix])}`,
    `from_file=${fromFile ? "yes" : ""}`,
  ].join(" ");
}

/** @type {Omit<Values, "kind">} */
const NONE = {};

/** The branches of a `case`, with all patterns of one body together. @param {readonly (readonly [string, string])[]} rows */
function branches(rows) {
  const bodies = [...new Set(rows.map(([, body]) => body))];
  return bodies.map((body) => {
    const patterns = rows.filter(([, other]) => other === body).map(([pattern]) => `"${pattern}"`);
    return `    ${patterns.join(" | ")})\n      ${body}\n      ;;`;
  });
}

/** @param {string} name @param {string} subject @param {readonly string[]} cases @param {string} otherwise */
function table(name, subject, cases, otherwise) {
  return [`${name}() {`, `  case ${subject} in`, ...cases, `    *) ${otherwise} ;;`, "  esac", "}"].join("\n");
}

/** @param {ProgramNode} program @returns {string} */
export function bashCompletion(program) {
  const commands = everyCommand(program);
  const byCommand = commands.map(({ path, options, commands: own, behindSeparator }) => {
    const names = options.flatMap((option) => option.names);
    const body = `commands=${quoted(own)} options=${quoted(names)} behind_separator=${behindSeparator}`;
    return /** @type {const} */ ([path.join(" "), body]);
  });
  const values = commands.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap((option) =>
        option.names.map((name) => /** @type {const} */ ([`${path.join(" ")} ${name}`, assignments(option.values)])),
      ),
  );
  const taken = commands.flatMap(({ path, arguments: own }) =>
    own.map((argument, index) => {
      const place = argument.isVariadic ? `"${path.join(" ")} "*` : `"${path.join(" ")} ${index}"`;
      return `    ${place})\n      ${assignments(argument.values)}\n      ;;`;
    }),
  );
  return [
    "# Completion of ringcap for bash, made by `npm run manual` of the table of its commands.",
    "# shellcheck shell=bash disable=SC1007,SC2034,SC2046,SC2207",
    "",
    table("__ringcap_command", '"$1"', branches(byCommand), "commands= options= behind_separator="),
    table("__ringcap_value", '"$1 $2"', branches(values), "return 1"),
    table("__ringcap_argument", '"$1 $2"', taken, "return 1"),
    "",
    readFileSync(new URL("shells/ringcap.bash", import.meta.url), "utf8"),
  ].join("\n");
}
