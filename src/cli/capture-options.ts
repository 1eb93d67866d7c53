/** The options of `ringcap capture`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { addFilterOptions, FILTERS, type FilterFlags, toFilterOptions } from "./filter-options.ts";
import { refuseForeignOptions } from "./foreign-options.ts";
import { addInterfaceOptions, type InterfaceFlags, toInterfaceOptions } from "./interface-options.ts";
import { list, number, optionAdder, seconds } from "./option-adder.ts";
import { CAPTURE_FILES, PROCESS_NAMES, PROCESSES, words } from "./option-values.ts";
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

export function addCaptureOptions(command: Command): Command {
  const add = optionAdder(command);

  addInterfaceOptions(add, CAPTURE);
  add(CAPTURE, "--sample <n>", "one packet in n that match, chosen in the kernel; the others are counted", number, {
    details: `Each CPU leaves out a random number of packets first, and then takes every n-th. The others are counted as
      sampledOut, and are no loss.`,
  });
  add(CAPTURE, "--rate-limit <n>", "at most n packets a second leave the kernel; the others are counted", number, {
    details: `A second is one of the packets' time stamps. All CPUs and interfaces share the budget, and what is beyond
      it is counted as rateLimited.`,
  });
  add(CAPTURE, "-c, --count <n>", "stop after n packets are written", number, {
    details: "With several interfaces, the packets of all of them count.",
  });
  add(CAPTURE, "--duration <time>", "stop after that time: seconds, or 500ms, 5m, 1h", seconds, {
    details: `The time begins when packets are being captured. The time that the command behind -- takes does not
      matter: ringcap waits for it, and hands its status on.`,
  });
  add(CAPTURE, "--action <action>", "pass, or drop: what matched is captured and goes no further", {
    values: words("pass", "drop"),
    details: `With drop, every packet that matches is dropped in the kernel, whether it is recorded or not, also beyond
      --sample and --rate-limit: no program of this host sees it. Mind the connection by which you reach the
      host.`,
  });
  addUserOption(add, CAPTURE);

  addFilterOptions(command);
  add(FILTERS, "--pid <list>", "process that the packet's socket belongs to; at TC", list, {
    values: PROCESSES,
    details: `The ids are those of the initial PID namespace. The kernel decides by the socket that a packet belongs to.`,
  });
  add(FILTERS, "--comm <list>", "name of that process; at TC", list, {
    values: PROCESS_NAMES,
    details: "A name is that of /proc/<pid>/comm, which has at most 15 bytes.",
  });
  add(FILTERS, "--only-command", "packets of the command behind -- and of the processes that it starts; at TC", {
    details: `Packets of sockets that the command made, connected, or accepts with, from the first SYN to the last
      acknowledgement. It needs the BTF of the kernel, and cgroup version 2 for UDP.`,
  });
  addOutputOptions(command, "micro");
  add(OUTPUT, "--process", "name, id and user of the process, in lines and .pcapng files; at TC", {
    details: `Of a packet that goes out this is the sender, and of one that comes in the receiver. A .pcap file has no
      place for it. Where no local socket is known, nothing is shown.`,
  });
  add(OUTPUT, "-U, --packet-buffered", "write each packet at once", {
    details: "Without it, packets gather for up to half a second before they are written.",
  });
  add(NO_CAPTURE, "-D, --list-interfaces", "list the interfaces and what each can do", {
    details: `Each line has the number, the name, the state, the link type, and the hooks that the interface offers.
      With --json, the same as data.`,
  });
  add(NO_CAPTURE, "-r, --read <file>", "replay a capture file: as ringcap replay <file>", {
    values: CAPTURE_FILES,
    details: "Options that only a capture can honour are refused.",
  });
  addRotationOptions(add);
  refuseForeignOptions(command);
  return command
    .argument("[expression...]", "pcap-filter expression")
    .usage("[options] [expression...] [-- command [argument...]]");
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
