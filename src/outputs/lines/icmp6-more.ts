/** Rare messages of ICMPv6: router renumbering (RFC 2894) and node information (RFC 4620). */
import { ipv4At, ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { caretText } from "./text.ts";

const COMMANDS = ["command", "result"];
const OPERATIONS = ["", "add", "change", "setglobal"];

export function printRenumbering(line: Line, at: number, length: number): void {
  line.need(at, 16);
  const code = line.u8(at + 1);
  line.add(
    `, ${code === 255 ? "sequence number reset" : (COMMANDS[code] ?? `code-#${code}`)}, seq=${line.u32(at + 4)}`,
  );
  const match = at + 16;
  if (match + 24 > at + length) return;
  line.need(match, 24);
  const operation = line.u8(match);
  line.add(` match(${OPERATIONS[operation] || `#${operation}`},${ipv6At(line, match + 8)}/${line.u8(match + 3)})`);
  for (let use = match + 24; use + 32 <= at + length; use += 32) {
    line.need(use, 32);
    line.add(` use(${ipv6At(line, use + 16)}/${line.u8(use)}/${line.u8(use + 1)})`);
  }
}

const FLAGS = [
  [0x01, "T"],
  [0x02, "A"],
  [0x04, "C"],
  [0x08, "L"],
  [0x10, "S"],
  [0x20, "G"],
] as const;

/** Prints text such as ` node information query (node addresses [A], subject=2001:db8::1)`. */
export function printNodeInformation(line: Line, at: number, length: number): void {
  const isReply = line.u8(at) === 140;
  if (length < 16 || !line.has(at, 16)) return line.mark();
  line.add(` node information ${isReply ? "reply" : "query"} (`);
  const type = line.u16(at + 4);
  const code = line.u8(at + 1);
  const parts: string[] = [];
  const question = questionText(line, at, length, type, isReply);
  if (question !== "") parts.push(question);
  if (!isReply) {
    if (code === 0 && length >= 32) parts.push(`subject=${ipv6At(line, at + 16)}`);
    else if (code === 2 && length >= 20) parts.push(`subject=${ipv4At(line, at + 16)}`);
    else if (code === 1) parts.push(`subject=${caretText(line.slice(at + 16, length - 16))}`);
  }
  line.add(`${parts.join(", ")})`);
}

function questionText(line: Line, at: number, length: number, type: number, isReply: boolean): string {
  switch (type) {
    case 0:
      return "noop";
    case 1:
      return "supported qtypes";
    case 2:
      return "DNS name";
    case 3: {
      let text = "node addresses";
      for (let place = at + 16; isReply && place + 20 <= at + length; place += 20) {
        line.need(place, 20);
        text += ` ${ipv6At(line, place + 4)}(${line.u32(place)})`;
      }
      const flags = line.u16(at + 6);
      const letters = FLAGS.filter(([bit]) => (flags & bit) !== 0)
        .map(([, letter]) => letter)
        .join("");
      return `${text} [${letters}]`;
    }
    default:
      return "unknown";
  }
}
