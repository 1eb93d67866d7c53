/** Declares the options of the commands. */
import { Argument, type Command, Option } from "commander";
import { usageError } from "../errors.ts";
import { bytesOf, SIZE_HINT, secondsOf, TIME_HINT, unitOf } from "../options/index.ts";
import { type Manual, valuesByName } from "./option-values.ts";

/** An option, with what its manual page and its completion say. */
export class DescribedOption extends Option {
  readonly manual: Manual;

  constructor(flags: string, description: string, { values = valuesByName(flags), ...manual }: Manual) {
    super(flags, description);
    this.manual = values === undefined ? manual : { ...manual, values };
  }
}

export class DescribedArgument extends Argument {
  readonly manual: Manual;

  constructor(flags: string, description: string, { values = valuesByName(flags), ...manual }: Manual = {}) {
    super(flags, description);
    this.manual = values === undefined ? manual : { ...manual, values };
  }
}

type Change = (option: Option) => Option;

/** @param more what changes the option, as `list` and `number` do, and what its manual says */
export type AddOption = (
  group: string,
  flags: string,
  description: string,
  ...more: readonly (Change | Manual)[]
) => Command;

export function optionAdder(command: Command): AddOption {
  return (group, flags, description, ...more) => {
    const option = new DescribedOption(flags, description, manualIn(more)).helpGroup(group);
    const changes = more.filter((one) => typeof one === "function");
    for (const change of changes) change(option);
    command.addOption(option);
    if (option.required && !changes.includes(list)) refuseSecondValue(command, option);
    return command;
  };
}

function manualIn(more: readonly (Change | Manual)[]): Manual {
  return more.find((one) => typeof one !== "function") ?? {};
}

/** The parser takes the last of several values. The others would be left out without a word, as a file of -w. */
function refuseSecondValue(command: Command, option: Option): void {
  let first: string | undefined;
  command.on(`option:${option.name()}`, (value: string) => {
    first ??= value;
    if (value === first) return;
    const name = option.long ?? option.flags;
    throw usageError(name, `it takes one value, and is given "${first}" and "${value}"`, "leave out one of them");
  });
}

/** Adds a flag whose value is the number of times that it was given, also among combined letters: `-vvn`. */
export function addCounted(
  command: Command,
  group: string,
  flags: string,
  description: string,
  manual: Manual = {},
): void {
  const option = new DescribedOption(flags, description, manual).helpGroup(group);
  command.addOption(option);
  let count = 0;
  command.on(`option:${option.name()}`, () => {
    count++;
    command.setOptionValueWithSource(option.attributeName(), count, "cli");
  });
}

/** Makes an option repeatable. */
export function list(option: Option): Option {
  return option.argParser((text: string, previous: string[] | undefined) => [...(previous ?? []), text]);
}

/** Makes an option take a time in seconds, or with a unit: 500ms, 10s, 5m, 1h. */
export function seconds(option: Option): Option {
  return option.argParser((text) => {
    const time = secondsOf(text);
    if (time === undefined) throw usageError(option.long ?? option.flags, `"${text}" is not a time`, TIME_HINT);
    return time;
  });
}

/** Makes an option take a size: 500k, 64Mi, 1G. @param bare bytes that a number without a unit counts */
export function size(bare: number): (option: Option) => Option {
  return (option) =>
    option.argParser((text) => {
      const bytes = bytesOf(text, bare);
      if (bytes === undefined) throw usageError(option.long ?? option.flags, `"${text}" is not a size`, SIZE_HINT);
      return bytes;
    });
}

export function number(option: Option): Option {
  return option.argParser((text) => numberOf(option.long ?? option.flags, text));
}

/** Reads a number of decimal digits. @throws RingcapError USAGE */
export function numberOf(option: string, text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kMG])?$/i.exec(text) ?? [];
  if (digits !== undefined && unit === undefined) return Number(digits);
  const meant = Number(digits) * unitOf(unit);
  const hint = digits === undefined ? undefined : `type it without a unit: ${meant}`;
  throw usageError(option, `"${text}" is not a number`, hint);
}
