/**
 * BSD's loopback header: an address family of four bytes, in the byte order of the host that captured, or, for link
 * type 108, of the network.
 */
import { printBytes } from "./hex-dump.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line, Printer } from "./line.ts";

const HEADER_LENGTH = 4;

/** The address families of IPv6 differ between the BSDs, macOS and Linux. */
const FAMILIES: ReadonlyMap<number, readonly [string, Printer]> = new Map<number, readonly [string, Printer]>([
  [2, ["IPv4", printIpv4]],
  [10, ["IPv6", printIpv6]],
  [24, ["IPv6", printIpv6]],
  [28, ["IPv6", printIpv6]],
  [30, ["IPv6", printIpv6]],
]);

export function printNull(line: Line, at: number, length: number): void {
  line.protocol = "null";
  line.need(at, HEADER_LENGTH);
  const little = line.u32le(at);
  // A family fits into two bytes. A number that does not is of the other byte order.
  printFamily(line, (little & 0xffff0000) === 0 ? little : line.u32(at), at, length);
}

export function printLoop(line: Line, at: number, length: number): void {
  line.protocol = "null";
  line.need(at, HEADER_LENGTH);
  // The family should be in network byte order, and some systems write it in their own.
  const big = line.u32(at);
  printFamily(line, (big & 0xffff0000) === 0 ? big : line.u32le(at), at, length);
}

function printFamily(line: Line, family: number, at: number, length: number): void {
  const [name, printer] = FAMILIES.get(family) ?? [undefined, undefined];
  if (line.flags.linkHeader) {
    line.add(line.flags.quiet ? `${name ?? "Unknown"}` : `AF ${name ?? "Unknown"} (${family})`);
    line.add(`, length ${length}: `);
  }
  if (printer !== undefined) return line.enter(printer, at + HEADER_LENGTH, length - HEADER_LENGTH);
  if (!line.flags.linkHeader) line.add(`AF Unknown (${family}), length ${length}: `);
  printBytes(line, at + HEADER_LENGTH, length - HEADER_LENGTH);
}
