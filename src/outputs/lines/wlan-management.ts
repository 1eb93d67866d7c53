/** The management frames of IEEE 802.11. */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { caretText } from "./text.ts";
import { REASONS, STATUSES } from "./wlan-reasons.ts";

const NAMES = [
  "Assoc Request",
  "Assoc Response",
  "ReAssoc Request",
  "ReAssoc Response",
  "Probe Request",
  "Probe Response",
  "",
  "",
  "Beacon",
  "ATIM",
  "Disassociation",
  "Authentication",
  "DeAuthentication",
  "Action",
];
const AUTHENTICATIONS = ["Open System", "Shared Key"];
const SHARED_KEY = 1;
const CAPABILITY_ESS = 0x01;
const CAPABILITY_PRIVACY = 0x10;

/** The elements that are shown of those that follow the fixed fields. */
interface Elements {
  readonly name: Uint8Array | undefined;
  readonly rates: Uint8Array | undefined;
  readonly channel: number | undefined;
  readonly isCut: boolean;
}

/** Reads the first element of each kind: the name (0), the rates (1), the channel (3). */
function readElements(line: Line, start: number, end: number): Elements {
  let name: Uint8Array | undefined;
  let rates: Uint8Array | undefined;
  let channel: number | undefined;
  let at = start;
  while (at + 2 <= end) {
    if (!line.has(at, 2)) return { name, rates, channel, isCut: true };
    const kind = line.u8(at);
    const size = line.u8(at + 1);
    if (at + 2 + size > end || !line.has(at + 2, size)) return { name, rates, channel, isCut: true };
    if (kind === 0 && size <= 32) name ??= line.slice(at + 2, size);
    if (kind === 1 && size > 0 && size <= 16) rates ??= line.slice(at + 2, size);
    if (kind === 3 && size === 1) channel ??= line.u8(at + 2);
    at += 2 + size;
  }
  return { name, rates, channel, isCut: false };
}

/** Prints text such as `Beacon (name) [1.0* 2.0* Mbit] ESS CH: 6, PRIVACY`. */
export function printManagement(line: Line, control: number, header: number, at: number, length: number): void {
  const subtype = (control >> 4) & 0xf;
  const name = NAMES[subtype];
  if (!name) return line.add(`Unhandled Management subtype(${subtype.toString(16)})`);
  line.add(name);
  const end = at + length;
  switch (subtype) {
    case 0:
    case 2: {
      const elements = readElements(line, at + (subtype === 0 ? 4 : 10), end);
      addName(line, elements);
      if (subtype === 0) addRates(line, elements);
      else line.add(` AP : ${formatHardwareAddress(line.slice(at + 4, 6))}`);
      return cutIf(line, elements);
    }
    case 1:
    case 3: {
      const capabilities = line.u16le(at);
      const status = line.u16le(at + 2);
      line.add(` AID(${(line.u16le(at + 4) & 0x3fff).toString(16)}) :`);
      line.add(`${(capabilities & CAPABILITY_PRIVACY) === 0 ? "" : " PRIVACY "}: ${STATUSES[status] ?? "n/a"}`);
      return cutIf(line, readElements(line, at + 6, end));
    }
    case 4: {
      const elements = readElements(line, at, end);
      addName(line, elements);
      addRates(line, elements);
      return cutIf(line, elements);
    }
    case 5:
    case 8: {
      line.need(at, 12);
      const capabilities = line.u16le(at + 10);
      const elements = readElements(line, at + 12, end);
      addName(line, elements);
      addRates(line, elements);
      if (subtype === 8) line.add((capabilities & CAPABILITY_ESS) === 0 ? " IBSS" : " ESS");
      if (elements.channel !== undefined) line.add(` CH: ${elements.channel}`);
      if ((capabilities & CAPABILITY_PRIVACY) !== 0) line.add(", PRIVACY");
      return cutIf(line, elements);
    }
    case 10:
    case 12:
      if (subtype === 12 && line.flags.linkHeader) return line.add(`: ${REASONS[line.u16le(at)] ?? "Reserved"}`);
      if (subtype === 12)
        return line.add(
          ` (${formatHardwareAddress(line.slice(header + 10, 6))}): ${REASONS[line.u16le(at)] ?? "Reserved"}`,
        );
      return line.add(`: ${REASONS[line.u16le(at)] ?? "Reserved"}`);
    case 11:
      if ((control & 0x4000) !== 0) return;
      return printAuthentication(line, at);
    default:
      return;
  }
}

function printAuthentication(line: Line, at: number): void {
  const algorithm = line.u16le(at);
  const step = line.u16le(at + 2);
  const status = line.u16le(at + 4);
  line.add(` (${AUTHENTICATIONS[algorithm] ?? "Reserved"})-${step}`);
  if (algorithm === SHARED_KEY && step === 2) return line.add(" [Challenge Text] ");
  line.add(`: ${step % 2 === 1 ? (STATUSES[status] ?? "n/a") : ""}`);
}

function cutIf(line: Line, elements: Elements): void {
  if (elements.isCut) line.mark();
}

function addName(line: Line, { name }: Elements): void {
  if (name !== undefined) line.add(` (${caretText(name)})`);
}

/**
 * Prints rates, which are in halves of a megabit per second. The highest bit marks rates that every station must
 * support.
 */
function addRates(line: Line, { rates }: Elements): void {
  if (rates === undefined) return;
  const texts = [...rates].map((rate) => `${((rate & 0x7f) / 2).toFixed(1)}${(rate & 0x80) === 0 ? "" : "*"}`);
  line.add(` [${texts.join(" ")} Mbit]`);
}
