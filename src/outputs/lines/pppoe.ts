/** PPP over Ethernet (RFC 2516). */
import { formatHex } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { printPpp } from "./ppp.ts";

const SESSION = 0;
const HEADER_LENGTH = 6;

const codeName = namesOf({ 9: "PADI", 7: "PADO", 25: "PADR", 101: "PADS", 167: "PADT", 0: "" }, "PAD-%x");
const tagName = namesOf(
  {
    0: "EOL",
    257: "Service-Name",
    258: "AC-Name",
    259: "Host-Uniq",
    260: "AC-Cookie",
    261: "Vendor-Specific",
    272: "Relay-Session-ID",
    288: "PPP-Max-Payload",
    513: "Service-Name-Error",
    514: "AC-System-Error",
    515: "Generic-Error",
  },
  "TAG-0x%x",
);

/** Prints text such as `PPPoE  [ses 0x11] IP …`, `PPPoE PADI [Service-Name] [Host-Uniq 0x…]`. */
export function printPppoe(line: Line, at: number, given: number): void {
  line.protocol = "pppoe";
  if (given < HEADER_LENGTH) return line.mark();
  line.need(at, HEADER_LENGTH);
  const first = line.u8(at);
  if (first >> 4 !== 1) line.add(` [ver ${first >> 4}]`);
  if ((first & 0xf) !== 1) line.add(` [type ${first & 0xf}]`);
  line.add("PPPoE ");
  const code = line.u8(at + 1);
  const session = line.u16(at + 2);
  const length = line.u16(at + 4);
  line.add(codeName(code));
  const left = given - HEADER_LENGTH;
  if (code === SESSION && length <= left) line.add(" ");
  if (length > left) line.add(` [len ${length} > ${left}!]`);
  if (session !== 0) line.add(`${code === SESSION && length <= left ? "" : " "}[ses 0x${session.toString(16)}]`);
  const captured = Math.min(length, left);
  if (code !== SESSION) return printTags(line, at + HEADER_LENGTH, captured);
  line.add(" ");
  line.within(at + HEADER_LENGTH + captured, () => line.enter(printPpp, at + HEADER_LENGTH, captured));
}

function printTags(line: Line, start: number, length: number): void {
  let at = start;
  while (at + 4 <= start + length) {
    const type = line.u16(at);
    const size = line.u16(at + 2);
    if (at + 4 + size > start + length) return line.mark();
    line.add(` [${tagName(type)}`);
    if (size > 0) {
      const value = line.slice(at + 4, size);
      const shown = value.subarray(0, 79);
      const printable = shown.filter((byte) => byte >= 0x20 && byte < 0x7f).length;
      const isText = printable > shown.length - printable;
      if (isText) line.add(` "${dottedText(shown)}"`);
      else line.add(` 0x${formatHex(value.subarray(0, 20)).toUpperCase()}${value.length > 20 ? "..." : ""}`);
    }
    line.add("]");
    if (type === 0) return;
    at += 4 + size;
  }
}

/** Returns a text with a point for each byte that is not printable. */
function dottedText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
}
