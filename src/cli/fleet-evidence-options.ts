/** The options of `ringcap fleet fetch` and `ringcap fleet upload`. */
import type { Command } from "commander";
import { SERVERS_ARGUMENT } from "./fleet-follow-options.ts";
import { addNatsOptions, type NatsFlags } from "./nats-options.ts";
import { DescribedArgument, optionAdder, size } from "./option-adder.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface FleetFetchFlags extends NatsFlags, UserFlags {
  to?: string;
  quiet?: true;
}

export interface FleetUploadFlags extends NatsFlags, UserFlags {
  host?: string;
  uploadRate?: number;
  quiet?: true;
}

const EVIDENCE = "Evidence:";
const SERVER = "Server:";

export function addFleetFetchOptions(command: Command): Command {
  const add = optionAdder(command);
  add(EVIDENCE, "--to <directory>", "in which the directory of the incident is made; default the present one");
  addUserOption(add, EVIDENCE);
  add(EVIDENCE, "-q, --quiet", "of messages only warnings and errors");
  addNatsOptions(add, SERVER);
  return command
    .addArgument(SERVERS_ARGUMENT)
    .addArgument(
      new DescribedArgument("<incident>", "its name, or HOST/NAME where several hosts have one of that name"),
    );
}

export function addFleetUploadOptions(command: Command): Command {
  const add = optionAdder(command);
  add(EVIDENCE, "--upload-rate <size>", "the most bytes a second; default 10M", size(1));
  add(EVIDENCE, "--host <name>", "the host that the incidents are of; default the name of this one");
  addUserOption(add, EVIDENCE);
  add(EVIDENCE, "-q, --quiet", "of messages only warnings and errors");
  addNatsOptions(add, SERVER);
  return command
    .addArgument(SERVERS_ARGUMENT)
    .addArgument(new DescribedArgument("<directory...>", "of incidents, as ringcap watch made them"));
}
