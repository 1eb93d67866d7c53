/** IP over InfiniBand (RFC 4391), whose header begins with the destination's address. */
import { etherTypeText } from "./ether-type-names.ts";
import { printBytes } from "./hex-dump.ts";
import type { Line } from "./line.ts";

const HEADER_LENGTH = 44;

export function printIpoib(line: Line, at: number, length: number): void {
  line.protocol = "ipoib";
  if (length < HEADER_LENGTH) {
    return line.add(`[length ${length} < ${HEADER_LENGTH}]`);
  }
  line.need(at, HEADER_LENGTH);
  const type = line.u16(at + 40);
  const text = `IPOIB, ethertype ${etherTypeText(type)}, length ${length}: `;
  if (line.flags.linkHeader) line.add(text);
  if (line.inner.etherType(line, type, at + HEADER_LENGTH, length - HEADER_LENGTH)) return;
  if (!line.flags.linkHeader) line.add(text);
  printBytes(line, at + HEADER_LENGTH, length - HEADER_LENGTH);
}
