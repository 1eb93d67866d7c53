/** The options of BOOTP and DHCP (RFC 2132), which -v shows. */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { DHCP_OPTIONS, type DhcpForm } from "./dhcp-option-names.ts";
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";
import { addText } from "./text.ts";

const MAGIC_COOKIE = 0x63825363;
const PAD = 0;
const END = 255;

const MESSAGES = ["Discover", "Offer", "Request", "Decline", "ACK", "NACK", "Release", "Inform"];

/** Prints the options. @param length bytes on the wire from the magic cookie on */
export function printDhcpOptions(line: Line, start: number, length: number): void {
  if (length < 4) return;
  if (line.u32(start) !== MAGIC_COOKIE) {
    if (line.u32(start) !== 0) line.add(`\n\t  Vendor-#${hex(line.u32(start), 8)}`);
    return;
  }
  line.add("\n\t  Vendor-rfc1048 Extensions");
  line.add(`\n\t    Magic Cookie ${hex(MAGIC_COOKIE, 8)}`);
  let at = start + 4;
  const end = start + length;
  const { verbose } = line.flags;
  while (at < end) {
    const kind = line.u8(at);
    if (kind === PAD) {
      const start = at;
      while (at < end && line.u8(at) === PAD) at++;
      if (verbose > 2) line.add(`\n\t    PAD (0), length 0${at - start > 1 ? `, occurs ${at - start}` : ""}`);
      continue;
    }
    if (kind === END) {
      if (verbose < 3) return;
      line.add("\n\t    END (255), length 0");
      at += 1;
      continue;
    }
    const size = line.u8(at + 1);
    const [name, form] = DHCP_OPTIONS.get(kind) ?? ["Unknown", "bytes"];
    line.add(`\n\t    ${name} (${kind}), length ${size}`);
    if (size > 0) line.add(": ");
    if (!line.has(at + 2, size)) {
      line.add(`[|rfc1048 ${size}]`);
      return;
    }
    if (size > 0) printValue(line, kind, form, at + 2, size);
    at += 2 + size;
  }
}

function printValue(line: Line, kind: number, form: DhcpForm, at: number, size: number): void {
  switch (form) {
    case "text":
      line.add('"');
      addText(line, at, size);
      return line.add('"');
    case "addresses":
      return line.add(list(at, size, 4, (place) => ipv4At(line, place)));
    case "shorts":
      return line.add(list(at, size, 2, (place) => String(line.u16(place))));
    case "numbers":
      return line.add(list(at, size, 4, (place) => String(line.u32(place))));
    case "pairs":
      return line.add(list(at, size, 8, (place) => `(${ipv4At(line, place)}:${ipv4At(line, place + 4)})`));
    case "bytes":
      if (size === 2) return line.add(String(line.u16(at)));
      if (size === 4) return line.add(String(line.u32(at)));
      return line.add(list(at, size, 1, (place) => String(line.u8(place)), "."));
    case "flags":
      return line.add(list(at, size, 1, (place) => flagText(line.u8(place))));
    case "message": {
      const type = line.u8(at);
      return line.add(MESSAGES[type - 1] ?? `Unknown (${type})`);
    }
    case "parameters":
      return printParameters(line, at, size);
    case "client": {
      const type = line.u8(at);
      if (type === 1 && size === 7) return line.add(`ether ${formatHardwareAddress(line.slice(at + 1, 6))}`);
      if (type === 0) {
        line.add('"');
        addText(line, at + 1, size - 1);
        return line.add('"');
      }
      return line.add(`hardware-type ${type}, ${formatHardwareAddress(line.slice(at + 1, size - 1), 0, size - 1)}`);
    }
    case "name": {
      if (size < 3) return line.add(`ERROR: length < 3 bytes`);
      line.add(`[${nameFlags(line.u8(at))}] `);
      if (line.u8(at + 1) !== 0 || line.u8(at + 2) !== 0) line.add(`${line.u8(at + 1)}/${line.u8(at + 2)} `);
      line.add('"');
      addText(line, at + 3, size - 3);
      return line.add('"');
    }
    default:
      return line.add(String(kind));
  }
}

/**
 * Prints values of one size. Bytes that are left over, where the length is no multiple of the size, are only counted.
 */
function list(at: number, size: number, step: number, one: (place: number) => string, by = ","): string {
  const texts: string[] = [];
  let place = at;
  for (; place + step <= at + size; place += step) texts.push(one(place));
  const left = at + size - place;
  return `${texts.join(by)}${left === 0 ? "" : `\n\t  trailing data length ${left}`}`;
}

function flagText(value: number): string {
  return value === 1 ? "Y" : value === 0 ? "N" : `${value}?`;
}

function nameFlags(value: number): string {
  return value === 0
    ? "none"
    : [
        ...(value & 1 ? ["S"] : []),
        ...(value & 2 ? ["O"] : []),
        ...(value & 4 ? ["E"] : []),
        ...(value & 8 ? ["N"] : []),
      ].join("");
}

function printParameters(line: Line, at: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const kind = line.u8(at + index);
    const name = DHCP_OPTIONS.get(kind)?.[0] ?? "Unknown";
    line.add(`${index % 4 === 0 ? "\n\t      " : ", "}${name} (${kind})`);
  }
}
