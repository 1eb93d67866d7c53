/** The options of `ringcap fleet follow`, in the order in which its help shows them. */
import type { Command } from "commander";
import { addNatsOptions, type NatsFlags } from "./nats-options.ts";
import { DescribedArgument, optionAdder } from "./option-adder.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface FleetFollowFlags extends NatsFlags, UserFlags {
  to?: string;
  since?: string;
  stream?: string;
  json?: true;
  quiet?: true;
}

const EVENTS = "Events:";
const SERVER = "Server:";
const OUTPUT = "Output:";

export const SERVERS_ARGUMENT = new DescribedArgument(
  "<servers>",
  "such as nats://events.example.net; commas between several",
);

export function addFleetFollowOptions(command: Command): Command {
  const add = optionAdder(command);
  add(EVENTS, "--since <time>", "from that time on, such as 2026-11-28T04:43:09Z, or how long ago: 1h", {
    details: `Without it, the table begins with the last event of each kind of each host, --json with the next event, and --to with all
      that the stream has.`,
  });
  add(EVENTS, "--stream <name>", "of JetStream; default RINGCAP");
  addNatsOptions(add, SERVER);
  add(OUTPUT, "--to <directory>", "also write the events there, as tables for ringcap query", {
    details: `Files appear within a minute. The directory says up to where it has the events, so that the command goes on there when it
      is started again.`,
  });
  addUserOption(add, OUTPUT);
  add(OUTPUT, "--json", "each event once, as a JSON object on a line");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  return command.addArgument(SERVERS_ARGUMENT);
}
