/** The options of `ringcap capture`, in the order in which its help shows them. */
import { type Command, Option } from "commander";
import type { CaptureOptions } from "../capture/options.ts";
import { usageError } from "../errors.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";

export interface CaptureFlags {
  interface?: string[];
  write?: string;
  format?: string;
  snapshotLength?: number;
  count?: number;
  duration?: number;
  port?: string[];
  srcPort?: string[];
  dstPort?: string[];
  tcpFlags?: string;
  proto?: string[];
  host?: string[];
  srcHost?: string[];
  dstHost?: string[];
  net?: string[];
  srcNet?: string[];
  dstNet?: string[];
  ipv4?: true;
  ipv6?: true;
  vlan?: number;
  direction?: CaptureOptions["direction"];
  hook?: CaptureOptions["hook"];
  promiscuous?: true;
  action?: CaptureOptions["action"];
  bufferSize?: number;
  timeStampPrecision?: TimeStampPrecision;
  packetBuffered?: true;
  quiet?: true;
  verbose?: true;
  json?: true;
  listInterfaces?: true;
}

const FILTERS = "Filter (kinds are ANDed, the entries of a list are ORed; @file reads a list from a file):";
const CAPTURE = "Capture:";
const OUTPUT = "Output:";

export function addCaptureOptions(command: Command): Command {
  const add = (group: string, flags: string, description: string, change: (option: Option) => Option = (o) => o) =>
    command.addOption(change(new Option(flags, description).helpGroup(group)));
  const list = (option: Option) => option.argParser(append);
  const number = (option: Option) => option.argParser((text) => parseNumber(option.long ?? option.flags, text));

  add(CAPTURE, "-i, --interface <name>", "repeatable; default: the interface of the default route", list);
  add(CAPTURE, "-s, --snapshot-length <n>", "bytes kept of each packet; default 128, 0 means 262144", number);
  add(CAPTURE, "-c, --count <n>", "stop after n packets are written", number);
  add(CAPTURE, "--duration <seconds>", "stop after that time", number);
  add(CAPTURE, "-Q, --direction <way>", "in, out or inout; default in");
  add(CAPTURE, "--hook <hook>", "auto, xdp, xdp-native, xdp-generic or tc; default auto");
  add(CAPTURE, "--promiscuous", "also packets for others; undone at the end, whatever ends it");
  add(CAPTURE, "--action <action>", "pass, or drop: what matched is captured and goes no further");
  add(CAPTURE, "-B, --buffer-size <MiB>", "of the ring of each CPU; default 16 on up to 16 CPUs", number);

  add(FILTERS, "--port <list>", "source or destination port: 80,443,8000-8100", list);
  add(FILTERS, "--src-port <list>", "source port", list);
  add(FILTERS, "--dst-port <list>", "destination port", list);
  add(FILTERS, "--tcp-flags <spec>", '"syn,!ack": set and clear; "syn/syn,ack": value/mask');
  add(FILTERS, "--proto <list>", "tcp, udp, icmp, icmp6, sctp or a number", list);
  add(FILTERS, "--host <list>", "source or destination address, IPv4 or IPv6", list);
  add(FILTERS, "--src-host <list>", "source address", list);
  add(FILTERS, "--dst-host <list>", "destination address", list);
  add(FILTERS, "--net <list>", "source or destination network: 10.0.0.0/8,2001:db8::/32", list);
  add(FILTERS, "--src-net <list>", "source network", list);
  add(FILTERS, "--dst-net <list>", "destination network", list);
  add(FILTERS, "-4, --ipv4", "IPv4 only");
  add(FILTERS, "-6, --ipv6", "IPv6 only");
  add(FILTERS, "--vlan <id>", "VLAN id of the outer tag", number);

  add(OUTPUT, "-w, --write <file>", '.pcap file, "-" is stdout; without it, one line per packet');
  add(OUTPUT, "--format <format>", "pcap; default: by the extension of the file");
  add(OUTPUT, "--time-stamp-precision <unit>", "micro or nano; default micro");
  add(OUTPUT, "-U, --packet-buffered", "write each packet at once");
  add(OUTPUT, "-q, --quiet", "short lines, and of messages only warnings and errors");
  add(OUTPUT, "-v, --verbose", "longer lines, and what was decided on the way");
  add(OUTPUT, "--json", "one JSON object at the end instead of the counts and of the packet lines");
  add(OUTPUT, "-D, --list-interfaces", "list the interfaces and what each can do");
  return command.argument("[expression...]", "pcap-filter expression");
}

/** @throws RingcapError USAGE for combinations that cannot be honoured */
export function toCaptureOptions(flags: CaptureFlags): CaptureOptions {
  if (flags.ipv4 && flags.ipv6) throw usageError("-4", "excludes -6");
  return {
    interfaces: flags.interface,
    snapshotLength: flags.snapshotLength,
    count: flags.count,
    duration: flags.duration,
    direction: flags.direction,
    hook: flags.hook,
    promiscuous: flags.promiscuous,
    action: flags.action,
    bufferSize: flags.bufferSize,
    immediate: flags.packetBuffered,
    filter: {
      port: flags.port,
      sourcePort: flags.srcPort,
      destinationPort: flags.dstPort,
      tcpFlags: flags.tcpFlags,
      protocol: flags.proto,
      host: flags.host,
      sourceHost: flags.srcHost,
      destinationHost: flags.dstHost,
      network: flags.net,
      sourceNetwork: flags.srcNet,
      destinationNetwork: flags.dstNet,
      ipVersion: flags.ipv4 ? 4 : flags.ipv6 ? 6 : undefined,
      vlan: flags.vlan,
    },
  };
}

function append(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}

function parseNumber(option: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw usageError(option, `"${text}" is not a number`);
  return Number(text);
}
