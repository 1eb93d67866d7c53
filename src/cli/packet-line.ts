/** One line per packet, as `tcpdump -n -S` writes it. */
import { decodePacket } from "../pcap-parser/index.ts";
import { formatNetwork } from "./packet-line/network.ts";
import { formatTimeOfDay } from "./packet-line/time.ts";
import { printable } from "./printable.ts";

export interface PacketLineOptions {
  /** Printed before the packet, with its direction, when more than one interface is captured from. */
  readonly interfaceName?: string;
  /** `tcp 0` instead of flags, sequence numbers and options. */
  readonly quiet: boolean;
  /** With the fields of the IP header in parentheses. */
  readonly verbose: boolean;
  readonly timeStampPrecision: "micro" | "nano";
}

export interface LinePacket {
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  /** The captured bytes. */
  readonly data: Uint8Array;
  /** Bytes on the wire. */
  readonly originalLength: number;
  readonly linkType: number;
  readonly direction: "in" | "out";
  /** Of the packet's socket, where it was asked for and is known. */
  readonly process?: { readonly pid: number; readonly uid: number; readonly comm: string };
}

/** The line, without its end. Nothing of the packet is printed but numbers, so that it cannot steer a terminal. */
export function formatPacketLine(packet: LinePacket, options: PacketLineOptions): string {
  const time = formatTimeOfDay(packet.timestamp, options.timeStampPrecision);
  const text = formatNetwork({
    bytes: packet.data,
    packet: decodePacket(packet.data, packet.linkType),
    originalLength: packet.originalLength,
    quiet: options.quiet,
    verbose: options.verbose,
    depth: 0,
  });
  return `${time} ${interfaceText(packet.direction, options.interfaceName)}${text}${processText(packet.process)}`;
}

/** A process may give itself any name. */
function processText(process: LinePacket["process"]): string {
  return process === undefined ? "" : ` [${printable(process.comm)} ${process.pid} uid ${process.uid}]`;
}

function interfaceText(direction: "in" | "out", name: string | undefined): string {
  if (name === undefined) return "";
  // An interface may be given any name by whoever creates it.
  return `${printable(name).padEnd(5)} ${direction === "in" ? "In " : "Out"} `;
}
