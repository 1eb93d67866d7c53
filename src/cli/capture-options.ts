/** The options of `ringcap capture`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { addFilterOptions, FILTERS, type FilterFlags, toFilterOptions } from "./filter-options.ts";
import { refuseForeignOptions } from "./foreign-options.ts";
import { addInterfaceOptions, type InterfaceFlags, toInterfaceOptions } from "./interface-options.ts";
import { list, number, optionAdder, seconds } from "./option-adder.ts";
import { addOutputOptions, OUTPUT, type OutputFlags } from "./output-options.ts";
import { addRotationOptions, type RotationFlags } from "./rotation-flags.ts";
import { stdout } from "./standard-streams.ts";
import type { TextStream } from "./text-stream.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface CaptureFlags extends FilterFlags, InterfaceFlags, OutputFlags, RotationFlags, UserFlags {
  sample?: number;
  rateLimit?: number;
  count?: number;
  duration?: number;
  pid?: string[];
  comm?: string[];
  process?: true;
  onlyCommand?: true;
  action?: CaptureOptions["action"];
  packetBuffered?: true;
  listInterfaces?: true;
  read?: string;
}

const CAPTURE = "Capture:";
const NO_CAPTURE = "Instead of a capture:";

const COMMAND_HELP = `
Behind -- stands a command: it is started once packets are captured, the capture ends with it, and its status is handed on.`;

export function addCaptureOptions(command: Command): Command {
  const add = optionAdder(command);

  addInterfaceOptions(add, CAPTURE);
  add(CAPTURE, "--sample <n>", "one packet in n that match, chosen in the kernel; the others are counted", number);
  add(CAPTURE, "--rate-limit <n>", "at most n packets a second leave the kernel; the others are counted", number);
  add(CAPTURE, "-c, --count <n>", "stop after n packets are written", number);
  add(CAPTURE, "--duration <time>", "stop after that time: seconds, or 500ms, 5m, 1h", seconds);
  add(CAPTURE, "--action <action>", "pass, or drop: what matched is captured and goes no further");
  addUserOption(add, CAPTURE);

  addFilterOptions(command);
  add(FILTERS, "--pid <list>", "process that the packet's socket belongs to; at TC", list);
  add(FILTERS, "--comm <list>", "name of that process; at TC", list);
  add(FILTERS, "--only-command", "packets of the command behind -- and of the processes that it starts; at TC");
  addOutputOptions(command, "micro");
  add(OUTPUT, "--process", "name, id and user of the process, in lines and .pcapng files; at TC");
  add(OUTPUT, "-U, --packet-buffered", "write each packet at once");
  add(NO_CAPTURE, "-D, --list-interfaces", "list the interfaces and what each can do");
  add(NO_CAPTURE, "-r, --read <file>", "replay a capture file: as ringcap replay <file>");
  addRotationOptions(add);
  refuseForeignOptions(command);
  return command
    .argument("[expression...]", "pcap-filter expression")
    .usage("[options] [expression...] [-- command [argument...]]")
    .addHelpText("after", COMMAND_HELP);
}

/**
 * Makes the options of the library.
 *
 * @param lines writes lines of packets
 * @throws RingcapError USAGE for combinations that cannot be honoured
 */
export function toCaptureOptions(
  flags: CaptureFlags,
  expression: readonly string[],
  lines: TextStream = stdout,
): CaptureOptions {
  if (flags.p && flags.promiscuous) throw usageError("-p", "contradicts --promiscuous", "leave out one of them");
  if (flags.process && flags.json && flags.write === undefined) {
    throw usageError("--process", "is shown in the lines, which --json leaves out", "leave out --json");
  }
  return {
    ...toInterfaceOptions(flags),
    sample: flags.sample,
    rateLimit: flags.rateLimit,
    count: flags.count,
    duration: flags.duration,
    action: flags.action,
    // Lines are watched by somebody, so that packets are handed over at once.
    immediate: flags.packetBuffered || flags.l || (flags.write === undefined && !flags.json && lines.isTerminal),
    pid: flags.pid,
    comm: flags.comm,
    process: flags.process,
    onlyCommand: flags.onlyCommand,
    filter: toFilterOptions(flags, expression),
  };
}
