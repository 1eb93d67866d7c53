/** The options of `ringcap service unit` and `ringcap service check`. */
import type { Command } from "commander";
import { optionAdder } from "./option-adder.ts";
import { USER } from "./option-values.ts";

export interface ServiceFlags {
  name?: string;
  user?: string;
  json?: true;
}

const SERVICE = "Service:";

function addServiceOptions(command: Command): Command {
  const add = optionAdder(command);
  add(SERVICE, "--name <name>", "of the service, which becomes ringcap-NAME.service and has /var/lib/ringcap/NAME");
  add(SERVICE, "--user <name>", "run it as that user; default: one that systemd makes for each start", {
    values: USER,
  });
  return command
    .argument("[command...]", "watch, capture or connections, with its options, behind --")
    .usage("--name <name> [options] -- <command...>");
}

export function addUnitOptions(command: Command): Command {
  return addServiceOptions(command);
}

export function addCheckOptions(command: Command): Command {
  return addServiceOptions(command).option("--json", "the result as a JSON object");
}
