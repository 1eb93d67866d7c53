/** The options of `ringcap extcap` and of its commands. */
import type { Command } from "commander";
import { list, optionAdder } from "./option-adder.ts";
import { DIRECTORY, files, GROUP, TCP_FLAGS, words } from "./option-values.ts";

export interface ExtcapFlags {
  directory?: string;
  grant?: string;
  json?: true;
}

/** The flags that Wireshark gives, and those of the widgets. */
export interface ExtcapRunFlags {
  capture?: true;
  extcapInterface?: string;
  extcapCaptureFilter?: string;
  fifo?: string;
  port?: string[];
  tcpFlags?: string;
  /** Numbers are read once the pipe is open: without a writer, dumpcap would wait for ever. */
  sample?: string;
  snapshotLength?: string;
  process?: true;
  action?: "pass" | "drop";
  rights?: true;
  untilInputEnds?: true;
}

const OPTIONS = "Options:";

export function addExtcapOptions(command: Command): Command {
  const add = optionAdder(command);
  add(
    OPTIONS,
    "--directory <path>",
    "the folder of Wireshark's capture programs; default: what tshark -G folders says",
    { values: DIRECTORY },
  );
  add(OPTIONS, "--json", "as a JSON object");
  return command;
}

export function addExtcapInstallOptions(command: Command): Command {
  const add = optionAdder(command);
  add(OPTIONS, "--grant <group>", "let the members of that group capture, as dumpcap does; as root", { values: GROUP });
  return addExtcapOptions(command);
}

export function addExtcapRunOptions(command: Command): Command {
  const add = optionAdder(command);
  const WIRESHARK = "What Wireshark gives (extcap(4)):";
  add(WIRESHARK, "--capture", "capture; without it, --extcap-capture-filter is only checked");
  add(WIRESHARK, "--extcap-interface <name>", "ringcap-<interface>-xdp or ringcap-<interface>-tc");
  add(WIRESHARK, "--extcap-capture-filter <expression>", "pcap-filter expression");
  add(WIRESHARK, "--fifo <path>", "named pipe that takes the packets, as pcapng", { values: files() });
  add(WIRESHARK, "--extcap-version <version>", "version of Wireshark; accepted");
  const CHOSEN = "What is chosen in Wireshark:";
  add(CHOSEN, "--port <list>", "source or destination port: 80,443,8000-8100", list);
  add(CHOSEN, "--tcp-flags <spec>", '"syn,!ack": set and clear; "syn/syn,ack": value/mask', {
    values: TCP_FLAGS,
    details: "Flags are fin, syn, rst, psh, ack, urg, ece and cwr.",
  });
  add(CHOSEN, "--sample <n>", "one packet in n that match");
  add(CHOSEN, "--snapshot-length <n>", "bytes kept of each packet; default 262144");
  add(CHOSEN, "--process", "the process of each packet as its comment; at TC");
  add(CHOSEN, "--action <action>", "pass, or drop, which takes a filter; at XDP", { values: words("pass", "drop") });
  const RIGHTS = "Rights:";
  add(RIGHTS, "--rights", "say by the exit code whether this process may capture");
  add(
    RIGHTS,
    "--until-input-ends",
    "for sudo: end with standard input too, and write only to a pipe of the user who called sudo",
  );
  return command;
}
