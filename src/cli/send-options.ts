/** The options of `ringcap send`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { SendOptions, VariedField } from "../send/index.ts";
import { DescribedArgument, list, number, optionAdder, seconds } from "./option-adder.ts";
import { CAPTURE_FILES, INTERFACE, wordList, words } from "./option-values.ts";
import { OUTPUT } from "./output-options.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface SendFlags extends UserFlags {
  interface?: string;
  pps?: number;
  multiplier?: number;
  maxGap?: number;
  topspeed?: true;
  loop?: number;
  count?: number;
  vary?: string[];
  engine?: SendOptions["engine"];
  cpus?: number;
  yes?: true;
  quiet?: true;
  json?: true;
}

const SEND = "Send:";

export function addSendOptions(command: Command): Command {
  const add = optionAdder(command);
  add(SEND, "-i, --interface <name>", "the interface that the frames leave through", {
    values: INTERFACE,
    details: `It is demanded. An interface of a default route takes --yes too, because its frames leave this host.`,
  });
  add(SEND, "--pps <n>", "frames a second; without it the gaps are those of the file", number, {
    details: "It excludes --multiplier and --topspeed.",
  });
  add(SEND, "--multiplier <x>", "the gaps of the file, so many times as fast", number);
  add(SEND, "--max-gap <time>", "the longest gap of the file that is waited for; default 60 s; 0: any", seconds, {
    details: `Files that were put together from several captures have gaps of hours. A message says where the first one
      is shortened.`,
  });
  add(SEND, "--topspeed", "as fast as it goes, by XDP live frames where the interface takes them", {
    details: "Live frames take Linux 5.18 and a driver that transmits them. Otherwise a packet socket sends.",
  });
  add(SEND, "--loop <n>", "send the file n times; 0: until stopped", number);
  add(SEND, "-c, --count <n>", "stop after n frames", number);
  add(SEND, "--vary <list>", "src-ip,src-port: at random in each frame, the checksums kept right", list, {
    values: wordList("src-ip", "src-port"),
    details: "A flood from everywhere comes of one SYN in this way.",
  });
  add(SEND, "--engine <engine>", "auto, xdp (live frames) or socket (a packet socket)", {
    values: words("auto", "xdp", "socket"),
  });
  add(SEND, "--cpus <n>", "CPUs that live frames are sent on; default: one for each transmit queue", number);
  addUserOption(add, SEND);
  add(SEND, "--yes", "also through an interface of a default route");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  add(OUTPUT, "--json", "one JSON object at the end instead of the counts");
  return command.addArgument(
    new DescribedArgument("<file>", 'pcap or pcapng file, plain or in gzip; "-" is stdin', { values: CAPTURE_FILES }),
  );
}

export function toSendOptions(flags: SendFlags): SendOptions {
  return {
    interface: flags.interface ?? "",
    packetsPerSecond: flags.pps,
    multiplier: flags.multiplier,
    maxGap: flags.maxGap,
    topspeed: flags.topspeed,
    loop: flags.loop,
    count: flags.count,
    // The library refuses names of other fields.
    vary: flags.vary?.flatMap((text) => text.split(",") as VariedField[]),
    engine: flags.engine,
    cpus: flags.cpus,
    allowDefaultRoute: flags.yes,
  };
}
