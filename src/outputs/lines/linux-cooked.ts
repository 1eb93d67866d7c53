/**
 * Linux's cooked captures, versions 1 and 2, which hold packets of several interfaces, or of an interface without a
 * link layer.
 */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { etherTypeName, etherTypeText } from "./ether-type-names.ts";
import { isTag, vlanText } from "./ethernet.ts";
import { printBytes } from "./hex-dump.ts";
import type { Line } from "./line.ts";
import { printLlc } from "./llc.ts";
import { hex, namesOf } from "./names.ts";

const SMALLEST_ETHER_TYPE = 0x600;
const VERSION_1_LENGTH = 16;
const VERSION_2_LENGTH = 20;
/** Values that stand in the place of an EtherType: 802.3 without LLC, and LLC. */
const TYPE_802_3 = 1;
const TYPE_LLC = 4;
const MOST_ADDRESS_BYTES = 8;

const kindName = namesOf({ 0: "In", 1: "B", 2: "M", 3: "P", 4: "Out" }, "?");

/** Prints the packet, and before it, with -e, ` In 02:00:00:00:00:01 ethertype IPv4 (0x0800), length 100: `. */
export function printCooked(line: Line, at: number, length: number): void {
  line.protocol = "sll";
  if (length < VERSION_1_LENGTH) return line.mark();
  line.need(at, VERSION_1_LENGTH);
  const type = line.u16(at + 14);
  const addHeader = () => {
    line.add(`${kindName(line.u16(at)).padStart(3)} `);
    addAddress(line, at + 4, at + 6);
    if (!line.flags.quiet) line.add(`${typeText(type)}, length ${length}: `);
  };
  if (line.flags.linkHeader) addHeader();
  printBody(line, type, at + VERSION_1_LENGTH, length - VERSION_1_LENGTH, addHeader);
}

export function printCooked2(line: Line, at: number, length: number): void {
  line.protocol = "sll2";
  if (length < VERSION_2_LENGTH) return line.mark();
  line.need(at, VERSION_2_LENGTH);
  const type = line.u16(at);
  // The name of the interface is not known, because its number is that of the host that captured.
  line.add(`?     ${kindName(line.u8(at + 10)).padEnd(3)} `);
  const addHeader = () => {
    line.add(`ifindex ${line.u32(at + 4)} `);
    addAddress(line, at + 11, at + 12);
    if (!line.flags.quiet) line.add(`${typeText(type)}, length ${length}: `);
  };
  if (line.flags.linkHeader) addHeader();
  printBody(line, type, at + VERSION_2_LENGTH, length - VERSION_2_LENGTH, addHeader);
}

function addAddress(line: Line, lengthAt: number, at: number): void {
  const size = lengthAt === at - 1 ? line.u8(lengthAt) : line.u16(lengthAt);
  if (size === 6) line.add(`${formatHardwareAddress(line.slice(at, 6))} `);
  else if (size > 0 && size <= MOST_ADDRESS_BYTES) line.add(`${formatHardwareAddress(line.slice(at, size), 0, size)} `);
}

function typeText(type: number): string {
  if (type >= SMALLEST_ETHER_TYPE) return `ethertype ${etherTypeText(type)}`;
  if (type === TYPE_802_3) return "802.3";
  return type === TYPE_LLC ? "802.2" : `unknown (${hex(type, 4)})`;
}

function printBody(line: Line, first: number, start: number, rest: number, addHeader: () => void): void {
  let type = first;
  let at = start;
  let left = rest;
  while (isTag(type)) {
    if (left < 4 || !line.has(at, 4)) return line.mark("vlan");
    if (line.flags.linkHeader) line.add(`${vlanText(line.u16(at))}, `);
    type = line.u16(at + 2);
    if (type >= SMALLEST_ETHER_TYPE) line.add(`ethertype ${etherTypeName(type) ?? "Unknown"}, `);
    at += 4;
    left -= 4;
  }
  if (type >= SMALLEST_ETHER_TYPE) {
    if (line.inner.etherType(line, type, at, left)) return;
  } else if (type === TYPE_LLC) {
    if (printLlc(line, at, left, "")) return;
    return printBytes(line, at, left);
  }
  if (!line.flags.linkHeader && type >= SMALLEST_ETHER_TYPE) addHeader();
  printBytes(line, at, left);
}
