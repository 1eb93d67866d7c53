/**
 * Manual pages in the macros of man(7).
 *
 * @import { Entry } from "../../src/cli/command-manual.ts"
 * @import { Example } from "../../src/cli/command.ts"
 * @import { CommandNode, OptionNode, ProgramNode } from "./tree.mjs"
 */
import { literal, paragraphs, prose, synopsis, term } from "./roff.mjs";
import { withDescendants } from "./tree.mjs";

/** Stands in every page, because the same pages come out of the same sources on every day. */
const DATE = "2026-11-28";

/** @param {string[]} path */
const pageName = (path) => ["ringcap", ...path].join("-");

/** @param {string} name */
function title(name) {
  const comment = '.\\" Made by `npm run manual` of what --help is made of. Do not change it by hand.';
  return `${comment}\n.TH ${name.toUpperCase().replaceAll("-", "\\-")} 1 ${DATE} ringcap "User Commands"`;
}

/** @param {string} text */
const capitalised = (text) => `${text[0]?.toUpperCase()}${text.slice(1)}`;

/** @param {string} heading @param {string | undefined} body @returns {string[]} */
function section(heading, body) {
  return body ? [`.SH ${heading}\n${body}`] : [];
}

/** @param {string} head a line of troff @param {string} body */
const tagged = (head, body) => `.TP\n${head}\n${body}`;

/** @param {OptionNode} option */
function optionEntry({ flags, description, details, values }) {
  const beginsWithWord = (values?.words ?? []).some((word) => description.startsWith(word));
  const sentence = `${beginsWithWord ? description : capitalised(description)}.`;
  const rest = details === "" ? [] : [paragraphs(details, ".IP")];
  return tagged(term(flags), [prose(sentence), ...rest].join("\n"));
}

/** @param {readonly OptionNode[]} options */
function optionGroups(options) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.map((group) => {
    const own = options.filter((option) => option.group === group).map(optionEntry);
    return [...(groups.length === 1 ? [] : [heading(group)]), ...own].join("\n");
  });
}

/** A remark in brackets is too long for a heading. @param {string} group */
function heading(group) {
  const [, name = group, remark] = /^(.*?)(?: \((.*)\))?$/.exec(group) ?? [];
  const sentence = remark === undefined ? [] : [`${capitalised(remark)}.`];
  return [`.SS ${name}`, ...sentence.map(prose)].join("\n");
}

/** @param {readonly Example[]} examples */
function exampleList(examples) {
  return examples
    .map(({ command, comment }) => {
      return `.PP\n${prose(`${capitalised(comment)}:`)}\n.PP\n.RS 4\n.EX\n${literal(command)}\n.EE\n.RE`;
    })
    .join("\n");
}

/** @param {readonly Entry[] | undefined} entries */
function entryList(entries = []) {
  return entries.map(([head, text]) => tagged(`\\fB${literal(head)}\\fR`, paragraphs(text, ".IP"))).join("\n");
}

/** @param {readonly string[]} pages names with a section: "tcpdump(8)" */
function references(pages) {
  const own = /** @type {(page: string) => string} */ (page) => (page.includes("(") ? page : `ringcap-${page}(1)`);
  const lines = pages.map((page) => {
    const [, name = page, number = "1"] = /^(.*)\((.*)\)$/.exec(own(page)) ?? [];
    return `.BR ${name.replaceAll("-", "\\-")} (${number})`;
  });
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} ,` : line)).join("\n");
}

/** @param {CommandNode} command @returns {string} */
function commandPage(command) {
  const { path, definition, usage, options, arguments: taken, commands } = command;
  const { summary, notes = "", examples, manual } = definition;
  const name = pageName(path);
  const words = ["ringcap", ...path].join(" ");
  const isDefault = definition.isDefault ? [`.br\n\\fBringcap\\fR ${synopsis(usage)}`] : [];
  const argumentEntries = taken.map(({ term: head, description, details }) => {
    return tagged(`\\fI${literal(head.replaceAll(/[<>]/g, ""))}\\fR`, prose(`${description}. ${details}`));
  });
  const commandEntries = commands.map((own) => {
    return tagged(
      `\\fB${own.path.at(-1)}\\fR`,
      `${prose(own.definition.summary)}; see\n${references([own.path.join("-")])} .`,
    );
  });
  return [
    title(name),
    ...section("NAME", `${name.replaceAll("-", "\\-")} \\- ${prose(summary)}`),
    ...section("SYNOPSIS", [`\\fB${words}\\fR ${synopsis(usage)}`, ...isDefault].join("\n")),
    ...section("DESCRIPTION", [paragraphs(manual.description), ...(notes ? [paragraphs(notes)] : [])].join("\n.PP\n")),
    ...section("ARGUMENTS", argumentEntries.join("\n")),
    ...section("COMMANDS", commandEntries.join("\n")),
    ...section("OPTIONS", optionGroups(options).join("\n")),
    ...section("EXAMPLES", exampleList(examples).replace(/^\.PP\n/, "")),
    ...section("EXIT STATUS", entryList(manual.exitStatus)),
    ...section("SIGNALS", entryList(manual.signals)),
    ...section("ENVIRONMENT", entryList(manual.environment)),
    ...section("FILES", entryList(manual.files)),
    ...section("SEE ALSO", references(["ringcap(1)", ...manual.seeAlso])),
    "",
  ].join("\n");
}

/** @param {ProgramNode} program @returns {string} */
function programPage({ description, examples, options, commands }) {
  const list = commands.map(({ path, definition }) => {
    return tagged(`.BR ${pageName(path).replaceAll("-", "\\-")} (1)`, prose(`${definition.summary}.`));
  });
  const inWords = `\\fBringcap\\fR [\\fIoptions\\fR] [\\fIexpression...\\fR] [\\fB\\-\\-\\fR \\fIcommand\\fR [\\fIargument...\\fR]]
.br
\\fBringcap\\fR \\fIcommand\\fR [\\fIoptions\\fR] [\\fIargument...\\fR]
.br
\\fBringcap help\\fR [\\fIcommand\\fR]`;
  return [
    title("ringcap"),
    ...section("NAME", "ringcap \\- packet capture with eBPF"),
    ...section("SYNOPSIS", inWords),
    ...section(
      "DESCRIPTION",
      [
        paragraphs(`${description}

Where no command is named, ringcap captures: ringcap-capture(1) has the options. Trailing words are an expression of pcap-filter(7), and a
first word that is nearly the name of a command is asked about. Times are in seconds, or have a unit: 500ms, 10s, 5m, 1h. Sizes
are in bytes, or have a unit: k, M, G, or Ki, Mi, Gi. The entries of a list have commas between them, and @file reads them from a
file, a line each.

Messages go to standard error, and what was asked for goes to standard output. Every error says what was tried and what to do next.`),
      ].join("\n"),
    ),
    ...section("COMMANDS", list.join("\n")),
    ...section("OPTIONS", options.map(optionEntry).join("\n")),
    ...section("EXAMPLES", exampleList(examples).replace(/^\.PP\n/, "")),
    ...section(
      "EXIT STATUS",
      entryList([
        ["0", "Everything was done."],
        ["1", "Something failed, or a capture is incomplete."],
        ["2", "The words of the command line cannot be honoured."],
        ["3", "An input file cannot be read or is broken."],
        ["4", "What came out is not what --expect or a suite expects."],
      ]),
    ),
    ...section("SEE ALSO", references(["pcap-filter(7)", "tcpdump(8)", "wireshark(1)"])),
    "",
  ].join("\n");
}

/** @param {ProgramNode} program @returns {Map<string, string>} pages by the names of their files */
export function manualPages(program) {
  const commands = program.commands.flatMap(withDescendants);
  return new Map([
    ["ringcap.1", programPage(program)],
    ...commands.map((command) => /** @type {const} */ ([`${pageName(command.path)}.1`, commandPage(command)])),
  ]);
}
