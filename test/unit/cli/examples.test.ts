/** The examples of the help ask for nothing that a command refuses. */
import { expect, test } from "vitest";
import { checkOptions } from "../../../src/capture/options.ts";
import { type CaptureFlags, toCaptureOptions } from "../../../src/cli/capture-options.ts";
import { nameOutput, planOutput } from "../../../src/cli/capture-output.ts";
import type { RingcapCommand } from "../../../src/cli/command.ts";
import { splitCommand } from "../../../src/cli/command-words.ts";
import { COMMANDS, PROGRAM_EXAMPLES } from "../../../src/cli/commands/index.ts";
import { type ConnectionsFlags, toConnectionsOptions } from "../../../src/cli/connections-options.ts";
import { type FilterFlags, toFilterOptions } from "../../../src/cli/filter-options.ts";
import { toInterfaceOptions } from "../../../src/cli/interface-options.ts";
import { Program } from "../../../src/cli/program.ts";
import { type ReplayFlags, toReplayOptions } from "../../../src/cli/replay-options.ts";
import { toRotation } from "../../../src/cli/rotation-flags.ts";
import { type SendFlags, toSendOptions } from "../../../src/cli/send-options.ts";
import { type TopFlags, toTopSettings } from "../../../src/cli/top-options.ts";
import { ruleCheck } from "../../../src/cli/watch-needs.ts";
import type { WatchFlags } from "../../../src/cli/watch-options.ts";
import { toWatchValues } from "../../../src/cli/watch-values.ts";
import { checkHalfOpenOptions } from "../../../src/connections/half-open-options.ts";
import { checkConnectionsOptions } from "../../../src/connections/options.ts";
import { compileFilter } from "../../../src/filter/filter.ts";
import { parseTrigger } from "../../../src/flood/index.ts";
import { checkReplayOptions } from "../../../src/replay/options.ts";
import { checkSendOptions } from "../../../src/send/options.ts";
import { splitByShell } from "../../support/shell-words.ts";

/** What each command checks before it opens anything. */
const CHECKS: Readonly<Record<string, (...given: never[]) => unknown>> = {
  capture(expression: string[], given: CaptureFlags) {
    const flags = nameOutput(given);
    checkOptions(toCaptureOptions(flags, expression));
    planOutput(flags);
    toRotation(flags);
  },
  watch(expression: string[], flags: WatchFlags) {
    const { triggers } = toWatchValues(flags, flags.config === undefined ? {} : { triggers: [parseTrigger("5/s")] });
    ruleCheck({ ...toInterfaceOptions(flags), filter: toFilterOptions(flags, expression) })(triggers);
  },
  top: (expression: string[], flags: TopFlags) => checkOptions(toTopSettings(flags, expression).options),
  replay(_: string, expression: string[], flags: ReplayFlags) {
    checkReplayOptions(toReplayOptions(flags, expression));
    planOutput(nameOutput(flags));
  },
  report: (_: string[], flags: FilterFlags) => compileFilter(toFilterOptions(flags, [])),
  compile: (expression: string[], flags: FilterFlags) => compileFilter(toFilterOptions(flags, expression)),
  connections({ halfOpen, port, ...flags }: ConnectionsFlags) {
    if (halfOpen) checkHalfOpenOptions({ port });
    else checkConnectionsOptions(toConnectionsOptions({ ...flags, ...(port === undefined ? {} : { port }) }));
  },
  send: (_: string, flags: SendFlags) => checkSendOptions(toSendOptions(flags)),
};

/** Lets the command line take the words. @returns the name of the command that would run */
async function take(words: readonly string[]): Promise<string | undefined> {
  let name: string | undefined;
  const program = new Program(async (command, given) => {
    name = command.name;
    (CHECKS[name] as ((...values: readonly unknown[]) => unknown) | undefined)?.(...given);
  });
  const others = program.names.filter((other) => other !== "capture");
  await program.root.parseAsync([...splitCommand(words, others).own], { from: "user" });
  return name;
}

const withDescendants = (command: RingcapCommand): RingcapCommand[] => [
  command,
  ...(command.commands ?? []).flatMap(withDescendants),
];

const shown = COMMANDS.flatMap(withDescendants).filter(({ isHidden }) => !isHidden);

test.each(shown)("$name has four, which run it", async (command) => {
  const { name, examples } = command;
  expect(examples).toHaveLength(4);
  const names = withDescendants(command).map((own) => own.name);
  const lines = splitByShell(examples.map((example) => example.command));
  expect(lines.length).toBeGreaterThanOrEqual(4);
  const ran = await Promise.all(lines.map(take));
  for (const other of ran) if (name !== "doctor") expect(names).toContain(other);
  expect(ran).not.toContain(undefined);
});

test("ringcap has four", async () => {
  expect(PROGRAM_EXAMPLES).toHaveLength(4);
  for (const words of splitByShell(PROGRAM_EXAMPLES.map(({ command }) => command))) {
    expect(await take(words)).toBeDefined();
  }
});
