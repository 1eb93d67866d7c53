/**
 * The completion for fish: shells/ringcap.fish, and a line of complete(1) for each command, option and argument.
 *
 * @import { Values } from "../../src/cli/option-values.ts"
 * @import { OptionNode, Place, ProgramNode } from "./tree.mjs"
 */
import { readFileSync } from "node:fs";
import { everyCommand } from "./tree.mjs";

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;

/** What fish has itself. @type {Partial<Record<Values["kind"], string>>} */
const OF_FISH = { words: "", user: "(__fish_complete_users)", group: "(__fish_complete_groups)" };

/** The options of complete(1) for a value. @param {Values | undefined} values @returns {string} */
function offered(values) {
  if (values === undefined) return "";
  const { kind, words = [], extensions = [], separators, prefix = "", fromFile } = values;
  const own = OF_FISH[kind] ?? `(__ringcap_${kind.replaceAll("-", "_")})`;
  if (kind === "file") {
    if (extensions.length === 0) return "-F";
    return `-k -a ${quoted(`(__fish_complete_suffix ${extensions.map((extension) => `.${extension}`).join(" ")})`)}`;
  }
  if (kind === "directory") return `-a ${quoted("(__fish_complete_directories)")}`;
  if (kind === "program") return `-a ${quoted("(__fish_complete_command)")}`;
  const all = [...words, own].filter((one) => one !== "").join(" ");
  if (separators === undefined) return `-a ${quoted(all)}`;
  return `-a ${quoted(`(__ringcap_list ${quoted(separators)} ${quoted(prefix)} ${quoted(fromFile ? "@" : "")} ${all})`)}`;
}

/** @param {string} condition */
const line = (condition) => `complete -c ringcap -n ${quoted(condition)}`;

/** @param {OptionNode} option @param {string} condition */
function optionLine({ names, description, takesValue, values }, condition) {
  const forms = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${quoted(name.slice(1))}`));
  const value = takesValue ? [/^-F/.test(offered(values)) ? "-r" : "-x", offered(values)] : [];
  return [line(condition), ...forms, ...value, `-d ${quoted(description)}`].filter((part) => part !== "").join(" ");
}

/** @param {Place} place @param {readonly Place[]} all */
function placeLines({ path, options, arguments: taken, commands, behindSeparator }, all) {
  const condition = ["__ringcap_is", ...path].join(" ");
  const next = ["__ringcap_is_next", ...path].join(" ");
  const below = commands.map((name) => {
    const own = all.find((other) => other.path.join(" ") === [...path, name].join(" "));
    return `${line(next)} -a ${name} -d ${quoted(own?.summary ?? "")}`;
  });
  const program = behindSeparator === "ringcap" ? "__ringcap_program ringcap" : "__ringcap_program";
  const behind = `${line(`${condition}; and __ringcap_is_behind_separator`)} -a '(${program})'`;
  const values = [...new Set(taken.map((argument) => offered(argument.values)))].filter((text) => text !== "");
  return [
    ...below,
    ...options.map((option) => optionLine(option, condition)),
    ...values.map((text) => `${line(condition)} ${text}`),
    ...(behindSeparator === "" ? [] : [behind]),
  ];
}

/** @param {ProgramNode} program @returns {string} */
export function fishCompletion(program) {
  const all = everyCommand(program);
  const [first] = all;
  return [
    "# Completion of ringcap for fish, made by `npm run manual` of the table of its commands.",
    `set -g __ringcap_commands ${first?.commands.join(" ")}`,
    "",
    readFileSync(new URL("shells/ringcap.fish", import.meta.url), "utf8"),
    ...all.flatMap((place) => placeLines(place, all)),
    "",
  ].join("\n");
}
