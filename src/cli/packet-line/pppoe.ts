/** PPP over Ethernet (RFC 2516). */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { printPpp } from "./ppp.ts";
import { caretText } from "./text.ts";

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

/** `PPPoE  [ses 0x11] IP …`, `PPPoE PADI [Service-Name] [Host-Uniq 0x…]` */
export function printPppoe(line: Line, at: number, given: number): void {
  line.protocol = "pppoe";
  if (given < HEADER_LENGTH) return line.mark();
  line.need(at, HEADER_LENGTH);
  line.add("PPPoE ");
  const first = line.u8(at);
  if (first >> 4 !== 1) line.add(` [ver ${first >> 4}]`);
  if ((first & 0xf) !== 1) line.add(` [type ${first & 0xf}]`);
  const code = line.u8(at + 1);
  const session = line.u16(at + 2);
  const length = line.u16(at + 4);
  line.add(codeName(code));
  if (code === SESSION) line.add(" ");
  if (session !== 0) line.add(`${code === SESSION ? "" : " "}[ses 0x${session.toString(16)}]`);
  if (length > given - HEADER_LENGTH) {
    line.add(` [len ${length}!]`);
    return line.mark();
  }
  if (code === SESSION) {
    line.add(" ");
    return line.within(at + HEADER_LENGTH + length, () => line.enter(printPpp, at + HEADER_LENGTH, length));
  }
  printTags(line, at + HEADER_LENGTH, length);
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
      const isText = value.slice(0, 20).every((byte) => byte >= 0x20 && byte < 0x7f);
      const shown = isText
        ? `"${caretText(value.subarray(0, 79))}`
        : `0x${Buffer.from(value.subarray(0, 20)).toString("hex").toUpperCase()}`;
      line.add(` ${shown}${isText ? '"' : value.length > 20 ? "..." : ""}`);
    }
    line.add("]");
    if (type === 0) return;
    at += 4 + size;
  }
}
