/** Prints bytes as tcpdump does with -x, -X and -A, and the bytes of packets for which there is no printer. */
import type { Line } from "./line.ts";

const BYTES_PER_ROW = 16;
const COLUMNS_PER_ROW = 39;

/** Prints the bytes of a packet for which there is no printer, unless -x, -X or -A prints them anyway. */
export function printBytes(line: Line, at: number, length: number): void {
  if (line.flags.bytesFollow) return;
  line.add(hexRows(line.bytes.subarray(at, at + Math.min(length, line.captured(at))), true));
}

/** Returns rows of sixteen bytes, each behind a newline: `\t0x0000:  4500 0028 …  E..(`. */
export function hexRows(bytes: Uint8Array, withText: boolean): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += BYTES_PER_ROW) {
    const row = bytes.subarray(start, start + BYTES_PER_ROW);
    let digits = "";
    let letters = "";
    for (const [index, byte] of row.entries()) {
      digits += `${index % 2 === 0 && index > 0 ? " " : ""}${byte.toString(16).padStart(2, "0")}`;
      letters += isGraphic(byte) ? String.fromCharCode(byte) : ".";
    }
    const offset = start.toString(16).padStart(4, "0");
    text += withText
      ? `\n\t0x${offset}:  ${digits.padEnd(COLUMNS_PER_ROW)}  ${letters}`
      : `\n\t0x${offset}:  ${digits}`;
  }
  return text;
}

/** Returns the text of -A: printable characters, line ends and tabs, and a point for every other byte. */
export function plainText(bytes: Uint8Array): string {
  let text = "\n";
  for (const [index, byte] of bytes.entries()) {
    if (byte === 13) {
      // A carriage return would move the cursor of the terminal. Before a line feed it has no meaning.
      if (bytes[index + 1] !== 10) text += ".";
    } else if (byte === 10 || byte === 9 || byte === 32 || isGraphic(byte)) text += String.fromCharCode(byte);
    else text += ".";
  }
  return text;
}

function isGraphic(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
