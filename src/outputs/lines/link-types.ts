/** The printers of whole packets by link type (numbers: https://www.tcpdump.org/linktypes.html). */

import { isTag, printEthernet } from "./ethernet.ts";
import { printIpoib } from "./ipoib.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line, Printer } from "./line.ts";
import { printCooked, printCooked2 } from "./linux-cooked.ts";
import { printLoop, printNull } from "./loopback.ts";
import { printCiscoHdlc, printPpp, printPppSerial } from "./ppp.ts";
import { printPppoe } from "./pppoe.ts";
import { printRadiotap, printWlan } from "./wlan.ts";

const PRINTERS: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [0, printNull],
  [1, printEthernet],
  [9, printPppLink],
  [12, printRaw],
  [14, printRaw],
  [50, printPppSerial],
  [51, printPppoe],
  [101, printRaw],
  [104, printCiscoHdlc],
  [105, printWlan],
  [108, printLoop],
  [113, printCooked],
  [127, printRadiotap],
  [228, printRaw],
  [229, printRaw],
  [242, printIpoib],
  [276, printCooked2],
]);

export function linkPrinter(linkType: number): Printer | undefined {
  return PRINTERS.get(linkType);
}

function printPppLink(line: Line, at: number, length: number): void {
  line.protocol = "ppp";
  if (length < 4) return line.mark();
  line.need(at, 4);
  // Two values of the first byte are directions, which some systems write.
  printPpp(line, at, length);
}

/** Prints raw IP, which has no type field. The version field tells IPv4 from IPv6. */
function printRaw(line: Line, at: number, length: number): void {
  line.protocol = "raw";
  if (length < 1) return line.add(`truncated-ip ${length}`);
  const version = line.u8(at) >> 4;
  if (line.flags.linkHeader) line.add("ip: ");
  if (version === 4) printIpv4(line, at, length);
  else if (version === 6) printIpv6(line, at, length);
  else line.add(`unknown ip ${version}`);
}

/** Returns how many bytes -x, -X and -A leave out: the header of the link layer, where its length is known. */
export function linkHeaderLength(linkType: number, bytes: Uint8Array): number {
  switch (linkType) {
    case 1:
      return ethernetHeaderLength(bytes);
    case 0:
    case 108:
      return 4;
    case 113:
      return 16;
    case 276:
      return 20;
    case 242:
      return 44;
    default:
      return 0;
  }
}

/** Returns the bytes of an Ethernet header with its VLAN tags. */
function ethernetHeaderLength(bytes: Uint8Array): number {
  let at = 12;
  while (at + 4 <= bytes.length && isTag(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))) at += 4;
  return Math.min(at + 2, bytes.length);
}
