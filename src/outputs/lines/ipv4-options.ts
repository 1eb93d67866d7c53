/** The options of IPv4 (RFC 791, 1393, 2113), which -v shows. */
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const optionName = namesOf(
  {
    0: "EOL",
    1: "NOP",
    7: "RR",
    68: "timestamp",
    130: "security",
    131: "LSRR",
    137: "SSRR",
    148: "RA",
    21: "MTU",
    22: "MTU Probe",
    82: "TR",
  },
  "unknown %d",
);

/** Prints the options. @returns whether all of them could be read */
export function printIpv4Options(line: Line, start: number, length: number): boolean {
  let separator = "";
  for (let at = start; at < start + length; ) {
    line.add(separator);
    separator = ",";
    if (!line.has(at, 1)) return false;
    const type = line.u8(at);
    line.add(optionName(type));
    if (type === 0) return true;
    if (type === 1) {
      at += 1;
      continue;
    }
    if (!line.has(at, 2)) return false;
    const size = line.u8(at + 1);
    if (size < 2) {
      line.add(" [bad length]");
      return true;
    }
    if (!line.has(at, size) || at + size > start + length) return false;
    printOption(line, type, at, size);
    at += size;
  }
  return true;
}

function printOption(line: Line, type: number, at: number, size: number): void {
  switch (type) {
    case 7:
    case 131:
    case 137:
      return printRoute(line, at, size);
    case 148: {
      if (size < 4) return line.add(" [|rr]");
      const value = line.u16(at + 2);
      if (value !== 0) line.add(` value ${value}`);
      return;
    }
    default:
      return;
  }
}

function printRoute(line: Line, at: number, size: number): void {
  if (size < 3) return line.add(` [bad length ${size}]`);
  if ((size + 1) % 4 !== 0) line.add(` [bad length ${size}]`);
  const pointer = line.u8(at + 2) - 1;
  if (pointer < 3 || (pointer + 1) % 4 !== 0) line.add(` [bad ptr ${pointer + 1}]`);
  for (let place = 3; place + 4 <= size; place += 4) {
    line.add(` ${ipv4At(line, at + place)}`);
    if (pointer > place) line.add(",");
  }
}
