/** Kerberos: the version, and the names of version 4. */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { caretText } from "./text.ts";

const KDC_REQUEST = 1;

const messageName = namesOf(
  {
    1: "KDC_REQUEST",
    2: "KDC_REPLY",
    3: "APPL_REQUEST",
    4: "APPL_REQUEST_MUTUAL",
    5: "ERR_REPLY",
    6: "PRIVATE_MESSAGE",
    7: "SAFE_MESSAGE",
    8: "APPL_VERSION",
    9: "DIE",
  },
  "#%d",
);

/** Prints text such as ` v5`. */
export function printKerberos(line: Line, at: number, length: number): void {
  line.protocol = "krb";
  const version = line.u8(at);
  if (version >= 1 && version <= 3) return line.add(` v${version}`);
  if (version === 106 || version === 107) return line.add(" v5");
  if (version !== 4) return;
  const type = line.u8(at + 1);
  line.add(` v4 ${(type & 1) === 0 ? "be" : "le"} ${messageName(type >> 1)}: `);
  if (type >> 1 === KDC_REQUEST) printRequest(line, at + 2, at + length);
  else line.add("(unknown)");
}

function printRequest(line: Line, start: number, end: number): void {
  let at = addString(line, start, end);
  line.add(".");
  at = addString(line, at, end);
  line.add("@");
  at = addString(line, at, end);
  // The time of day stands between the two fields. The lifetime is in units of five minutes.
  line.add(` ${line.u8(at + 4) * 5}min `);
  at = addString(line, at + 5, end);
  if (line.u8(at) !== 0) line.add(".");
  addString(line, at, end);
}

/** Prints a string. @returns the offset of the byte behind its zero */
function addString(line: Line, at: number, end: number): number {
  const stop = Math.min(end, line.end);
  const zero = line.bytes.subarray(at, stop).indexOf(0);
  line.add(caretText(line.bytes.subarray(at, zero < 0 ? stop : at + zero)));
  if (zero < 0) line.cut();
  return at + zero + 1;
}
