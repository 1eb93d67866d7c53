/** Builds the tree of commands for the parser. Nothing runs while it is built, so that programs can read it. */
import { Command } from "commander";
import { ringcapVersion } from "../outputs/index.ts";
import type { RingcapCommand } from "./command.ts";
import { COMMANDS, PROGRAM_EXAMPLES } from "./commands/index.ts";
import { refuseForeignOptions } from "./foreign-options.ts";
import { FOREIGN_OPTIONS_OF } from "./foreign-options-of-commands.ts";
import { columnsOf, formatExamples, HELP_FORMAT, wrap } from "./help-text.ts";
import { sayWhatToType } from "./wrong-usage.ts";

/** Is called when the words are parsed. @param given the arguments, and then the flags */
export type OnCommand = (command: RingcapCommand, given: readonly unknown[]) => Promise<void>;

/**
 * The tree. The options of a command are declared when they are needed, because a start needs those of one command
 * alone.
 */
export class Program {
  readonly root = new Command("ringcap");
  readonly examples = PROGRAM_EXAMPLES;
  /** Of each command that is in the tree, what it is made of. */
  readonly definitions = new Map<Command, RingcapCommand>();
  readonly #onCommand: OnCommand;
  readonly #declared = new Set<Command>();

  constructor(onCommand: OnCommand = async () => {}, configure: (root: Command) => void = () => {}) {
    this.#onCommand = onCommand;
    this.root
      .description("Captures packets with eBPF: filters in the kernel, writes .pcap and .pcapng files for Wireshark.")
      .version(ringcapVersion(), "-V, --version")
      .addHelpText("before", ({ error }) => formatExamples(PROGRAM_EXAMPLES, columnsOf(this.root, error)))
      .configureHelp(HELP_FORMAT)
      .exitOverride()
      .hook("preSubcommand", (_, command) => this.#declare(command));
    configure(this.root);
    for (const command of COMMANDS) this.#add(this.root, command);
  }

  get names(): string[] {
    return this.root.commands.map((command) => command.name());
  }

  /** The names of the commands that a command has of its own, once they are declared. */
  ownNames(command: string): string[] {
    const own = this.root.commands.find((one) => one.name() === command)?.commands ?? [];
    return own.map((one) => one.name());
  }

  /** Declares the options of all commands, as help and completion need them. */
  declareAll(): this {
    for (const command of this.root.commands) this.#declare(command);
    return this;
  }

  #add(parent: Command, definition: RingcapCommand): void {
    const { name, summary, isDefault = false, isHidden: hidden = false } = definition;
    this.definitions.set(parent.command(name, { isDefault, hidden }).description(summary), definition);
  }

  #declare(command: Command): void {
    const definition = this.definitions.get(command);
    if (definition === undefined || this.#declared.has(command)) return;
    this.#declared.add(command);
    command.addHelpText("before", ({ error }) => formatExamples(definition.examples, columnsOf(command, error)));
    const { notes } = definition;
    if (notes !== undefined) {
      command.addHelpText("after", ({ error }) => `\n${wrap(notes, columnsOf(command, error)).join("\n")}`);
    }
    definition.addOptions?.(command);
    for (const own of definition.commands ?? []) this.#add(command, own);
    for (const own of command.commands) this.#declare(own);
    refuseForeignOptions(command, FOREIGN_OPTIONS_OF[command.name()] ?? []);
    sayWhatToType(command, () => this.declareAll().root.commands);
    if (definition.run === undefined) return;
    // The parser hands over the arguments, the flags and the command.
    command.action((...given: unknown[]) => this.#onCommand(definition, given.slice(0, -1)));
  }
}
