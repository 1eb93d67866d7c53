/** Makes one line for each packet, as `tcpdump -n` does. */

import { printable } from "../printable.ts";
import { hexRows, plainText } from "./hex-dump.ts";
import { INNER_PRINTERS } from "./inner-printers.ts";
import { Line } from "./line.ts";
import type { LineFlags } from "./line-flags.ts";
import { LineMemory } from "./line-memory.ts";
import { linkHeaderLength, linkPrinter } from "./link-types.ts";
import { type TimeForm, TimeStamps } from "./time.ts";

export interface PacketLineOptions extends LineFlags {
  readonly timeForm: TimeForm;
  readonly timeStampPrecision: "micro" | "nano";
  /** -#: the number of the packet is printed before each line. */
  readonly numbered: boolean;
  readonly bytes: ByteForm;
}

/** The form in which bytes are printed: -x, -X or -A, and each of them with the link-layer header. */
export interface ByteForm {
  readonly form: "none" | "hex" | "hex-and-text" | "text";
  readonly withLinkHeader: boolean;
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
  /**
   * The name of the interface. It is printed before the packet, with the direction, when there is more than one
   * interface.
   */
  readonly interfaceName?: string | undefined;
  /** The process that owns the packet's socket, where it was asked for and is known. */
  readonly process?: { readonly pid: number; readonly uid: number; readonly comm: string } | undefined;
}

/**
 * Makes lines, and remembers what later lines refer to: the beginnings of connections, the time of the packet before,
 * the number of packets.
 */
export class PacketLines {
  readonly #options: PacketLineOptions;
  readonly #memory = new LineMemory();
  readonly #times: TimeStamps;
  #count = 0;

  constructor(options: PacketLineOptions) {
    this.#options = options;
    this.#times = new TimeStamps(options.timeForm, options.timeStampPrecision);
  }

  /**
   * Returns the text of the next packet, without the newline at its end. The text from the packet is ASCII, so that no
   * packet can steer a terminal. Rows after the first begin with a blank or a tab.
   */
  format(packet: LinePacket): string {
    this.#count++;
    const options = this.#options;
    const number = options.numbered ? `${String(this.#count).padStart(5)}  ` : "";
    const line = new Line(packet.data, options, this.#memory, INNER_PRINTERS);
    const printer = linkPrinter(packet.linkType);
    const fault = lengthFault(packet);
    if (fault !== undefined) line.text = fault;
    else if (printer === undefined) line.text = `link-type ${packet.linkType}, length ${packet.originalLength}`;
    else line.print(printer, 0, packet.originalLength);
    const start = `${number}${this.#times.format(packet.timestamp)}${interfaceText(packet)}`;
    return `${start}${line.text}${processText(packet.process)}${bytesText(packet, options.bytes)}`;
  }
}

/** Returns what is wrong with a record that states no bytes, or fewer bytes than it has. */
function lengthFault({ data, originalLength }: LinePacket): string | undefined {
  const captured = data.length === 0 ? "caplen==0" : "";
  let stated = "";
  if (originalLength === 0) stated = "len==0";
  else if (originalLength < data.length) stated = `len(${originalLength}) < caplen(${data.length})`;
  const faults = [captured, stated].filter((text) => text !== "");
  return faults.length === 0 ? undefined : `[Invalid header: ${faults.join(", ")}]`;
}

/** Returns the text of a process, whose name the process may choose freely. */
function processText(process: LinePacket["process"]): string {
  return process === undefined ? "" : ` [${printable(process.comm)} ${process.pid} uid ${process.uid}]`;
}

function interfaceText({ direction, interfaceName }: LinePacket): string {
  if (interfaceName === undefined) return "";
  // Whoever creates an interface may give it any name.
  return `${printable(interfaceName).padEnd(5)} ${direction === "in" ? "In " : "Out"} `;
}

function bytesText({ data, linkType }: LinePacket, { form, withLinkHeader }: ByteForm): string {
  if (form === "none") return "";
  const bytes = withLinkHeader ? data : data.subarray(linkHeaderLength(linkType, data));
  return form === "text" ? plainText(bytes) : hexRows(bytes, form === "hex-and-text");
}
