/**
 * The completion for zsh: a function for each command, with a specification of _arguments for each option
 * (zshcompsys(1)), and shells/_ringcap.
 *
 * @import { Values } from "../../src/cli/option-values.ts"
 * @import { ArgumentNode, OptionNode, Place, ProgramNode } from "./tree.mjs"
 */
import { readFileSync } from "node:fs";
import { everyCommand } from "./tree.mjs";

/** A word of the shell, whatever is in it. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Text in square brackets, or between colons, of a specification. @param {string} text */
const plain = (text) => text.replaceAll(/[\\:[\]]/g, "\\$&");

/** The colons of an action. @param {string} text */
const colons = (text) => text.replaceAll(":", "\\:");

/** What completes a value; a blank is nothing. @param {Values | undefined} values @returns {string} */
function action(values) {
  if (values === undefined) return " ";
  const { kind, words = [], extensions = [], separators, prefix = "", fromFile } = values;
  const list = words.join(" ");
  if (kind === "file") {
    const only = extensions.length === 0 ? "" : ` -g "*.(${extensions.join("|")})(-.)"`;
    return `_files${only}`;
  }
  if (kind === "directory") return "_files -/";
  if (kind === "program") return "_command_names -e";
  const adds = `__ringcap_${kind.replaceAll("-", "_")} "${list}"`;
  // A blank in front keeps _arguments from adding options of its own.
  return separators === undefined
    ? ` ${adds}`
    : ` __ringcap_list "${separators}" "${prefix}" "${fromFile ? "@" : ""}" ${adds}`;
}

/** @param {OptionNode} option */
function optionSpecification({ names, description, takesValue, valueName, isRepeatable, values }) {
  const text = `[${plain(description)}]`;
  const value = takesValue ? `:${plain(valueName)}:${colons(action(values))}` : "";
  const excluded = isRepeatable ? "*" : names.length > 1 ? `(${names.join(" ")})` : "";
  const forms = names.map((name) => `${name}${takesValue ? (name.startsWith("--") ? "=" : "+") : ""}`);
  const [only = ""] = forms;
  if (forms.length === 1) return quoted(`${excluded}${only}${text}${value}`);
  const front = excluded === "" ? "" : quoted(excluded);
  return `${front}{${forms.join(",")}}${quoted(`${text}${value}`)}`;
}

/** @param {ArgumentNode} argument @param {number} index */
function argumentSpecification({ name, isVariadic, values }, index) {
  return quoted(`${isVariadic ? "*" : index + 1}:${plain(name)}:${colons(action(values))}`);
}

/** @param {readonly string[]} path */
const functionName = (path) => ["_ringcap", ...path].join("-");

/** @param {Place} place @param {readonly Place[]} all */
function commandFunction(place, all) {
  const { path, options, arguments: taken, commands, behindSeparator } = place;
  const below = commands.map((name) => all.find((other) => other.path.join(" ") === [...path, name].join(" ")));
  const summaries = below.map((own) => quoted(`${plain(own?.path.at(-1) ?? "")}:${own?.summary ?? ""}`));
  const next = [
    "  if (( CURRENT > 2 )); then",
    "    case $words[2] in",
    ...commands.map(
      (name) => `      ${name}) shift words; (( CURRENT-- )); ${functionName([...path, name])}; return ;;`,
    ),
    "    esac",
    "  elif [[ $words[2] != -* ]]; then",
    `    local -a commands=(\n      ${summaries.join("\n      ")}\n    )`,
    "    _describe -t commands 'ringcap command' commands && return",
    "  fi",
  ];
  const specifications = [...options.map(optionSpecification), ...taken.map(argumentSpecification)];
  return [
    `${functionName(path)}() {`,
    ...(commands.length > 0 ? next : []),
    ...(behindSeparator === "" ? [] : [`  __ringcap_${behindSeparator} && return`]),
    specifications.length === 0
      ? "  _message 'no more words'"
      : `  _arguments -s -S \\\n    ${specifications.join(" \\\n    ")}`,
    "}",
  ].join("\n");
}

/** @param {ProgramNode} program @returns {string} */
export function zshCompletion(program) {
  const all = everyCommand(program);
  return [
    "#compdef ringcap",
    "# Completion of ringcap for zsh, made by `npm run manual` of the table of its commands.",
    "",
    ...all.map((place) => `${commandFunction(place, all)}\n`),
    readFileSync(new URL("shells/_ringcap", import.meta.url), "utf8"),
  ].join("\n");
}
