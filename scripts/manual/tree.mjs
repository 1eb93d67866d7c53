/**
 * The tree of commands as plain data, of which manual pages and completions are made.
 *
 * @import { Command, Option, Argument } from "commander"
 * @import { RingcapCommand } from "../../src/cli/command.ts"
 * @import { Manual, Values } from "../../src/cli/option-values.ts"
 * @import { Program } from "../../src/cli/program.ts"
 */

/** @typedef {Pick<Program, "root" | "examples" | "definitions">} DeclaredProgram the tree with all options declared */

/**
 * @typedef {object} OptionNode
 * @property {string} flags as the help shows them: "-w, --write <file>"
 * @property {string[]} names "-w", "--write"
 * @property {string} group
 * @property {string} description
 * @property {string} details
 * @property {boolean} takesValue
 * @property {string} valueName
 * @property {boolean} isRepeatable
 * @property {Values | undefined} values
 *
 * @typedef {object} ArgumentNode
 * @property {string} term as the usage shows it: "<file...>"
 * @property {string} name
 * @property {string} description
 * @property {string} details
 * @property {boolean} isVariadic
 * @property {Values | undefined} values
 *
 * @typedef {object} CommandNode
 * @property {string[]} path the words behind `ringcap`
 * @property {RingcapCommand} definition
 * @property {string} usage
 * @property {OptionNode[]} options
 * @property {ArgumentNode[]} arguments
 * @property {CommandNode[]} commands
 */

/** @param {Option | Argument} holder @returns {Manual} */
function manualOf(holder) {
  return "manual" in holder ? /** @type {Manual} */ (holder.manual) : {};
}

/** @param {Option} option @returns {OptionNode} */
function optionNode(option) {
  const { flags, short, long, description, helpGroupHeading, required, optional } = option;
  const { details = "", values } = manualOf(option);
  return {
    flags,
    names: [short, long].filter((name) => name !== undefined),
    group: (helpGroupHeading ?? "Options:").replace(/:$/, ""),
    description,
    details,
    takesValue: required || optional,
    valueName: /[<[]([^>\]]+)/.exec(flags)?.[1] ?? "",
    // What is counted or makes a list is given again. Everything else is given once.
    isRepeatable: option.parseArg !== undefined ? isList(option) : !(required || optional) && short !== undefined,
    values,
  };
}

/** Whether a second value is added to the first. @param {Option} option */
function isList({ parseArg }) {
  try {
    return Array.isArray(parseArg?.("1", undefined));
  } catch {
    return false;
  }
}

/** @param {Argument} argument @returns {ArgumentNode} */
function argumentNode(argument) {
  const { details = "", values } = manualOf(argument);
  const name = argument.name();
  const inner = `${name}${argument.variadic ? "..." : ""}`;
  return {
    term: argument.required ? `<${inner}>` : `[${inner}]`,
    name,
    description: argument.description,
    details,
    isVariadic: argument.variadic,
    values,
  };
}

/**
 * @param {DeclaredProgram} program
 * @param {Command} command
 * @param {string[]} path
 * @returns {CommandNode}
 */
function commandNode(program, command, path) {
  const definition = program.definitions.get(command);
  if (definition === undefined) throw new Error(`ringcap ${path.join(" ")} has no definition`);
  const help = command.createHelp();
  return {
    path,
    definition,
    usage: command.usage(),
    options: help.visibleOptions(command).map(optionNode),
    arguments: command.registeredArguments.map(argumentNode),
    commands: command.commands
      .filter((own) => !program.definitions.get(own)?.isHidden)
      .map((own) => commandNode(program, own, [...path, own.name()])),
  };
}

/** The commands of a command that people type. @param {DeclaredProgram} program @param {import("commander").Command} command */
function shownOf(program, command) {
  return command.commands.filter((own) => !program.definitions.get(own)?.isHidden);
}

/** @param {DeclaredProgram} program */
export function describeProgram(program) {
  const { root } = program;
  return {
    description: root.description(),
    examples: program.examples,
    options: root.createHelp().visibleOptions(root).map(optionNode),
    commands: shownOf(program, root).map((command) => commandNode(program, command, [command.name()])),
  };
}

/** @typedef {ReturnType<typeof describeProgram>} ProgramNode */

/** The command and those below it. @param {CommandNode} command @returns {CommandNode[]} */
export function withDescendants(command) {
  return [command, ...command.commands.flatMap(withDescendants)];
}

/**
 * @typedef {object} Place what can stand at a place of the command line
 * @property {string[]} path
 * @property {string} summary
 * @property {OptionNode[]} options
 * @property {ArgumentNode[]} arguments
 * @property {string[]} commands the names that may stand next
 * @property {string} behindSeparator
 */

/** @param {readonly CommandNode[]} commands */
function namesOf(commands) {
  return commands.map(({ definition }) => definition.name);
}

/**
 * The place behind words that ask for help, and those behind each command that may be asked about.
 *
 * @param {string[]} path
 * @param {string} summary
 * @param {readonly CommandNode[]} commands
 * @returns {Place[]}
 */
function helpPlaces(path, summary, commands) {
  return [
    { path, summary, options: [], arguments: [], commands: namesOf(commands), behindSeparator: "" },
    ...commands.flatMap(({ definition, commands: below }) =>
      helpPlaces([...path, definition.name], definition.summary, below),
    ),
  ];
}

/**
 * All commands as a shell completes them: ringcap alone, which also has what its default command has, `help`, and the
 * others.
 *
 * @param {ProgramNode} program
 * @returns {Place[]}
 */
export function everyCommand({ options, commands }) {
  const fallback = commands.find(({ definition }) => definition.isDefault);
  const known = new Set(fallback?.options.flatMap((option) => option.names));
  return [
    {
      path: [],
      summary: "",
      options: [
        ...(fallback?.options ?? []),
        ...options.filter((option) => !option.names.some((name) => known.has(name))),
      ],
      arguments: fallback?.arguments ?? [],
      commands: [...namesOf(commands), "help"],
      behindSeparator: fallback?.definition.behindSeparator ?? "",
    },
    ...helpPlaces(["help"], "show the help of a command", commands),
    ...commands
      .flatMap(withDescendants)
      .flatMap(({ path, definition, options: own, arguments: taken, commands: below }) => [
        {
          path,
          summary: definition.summary,
          options: own,
          arguments: taken,
          commands: below.length === 0 ? [] : [...namesOf(below), "help"],
          behindSeparator: definition.behindSeparator ?? "",
        },
        ...(below.length === 0 ? [] : helpPlaces([...path, "help"], "show the help of a command", below)),
      ]),
  ];
}
