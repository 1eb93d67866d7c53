/** MPLS labels (RFC 3032). */
import { printBytes } from "./hex-dump.ts";
import { ipv4At } from "./ip-header.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line } from "./line.ts";

const BOTTOM = 0x100;
const RESERVED = ["IPv4 explicit NULL", "router alert", "IPv6 explicit NULL", "implicit NULL"];
/** The most labels that are printed. A stack without a bottom ends only with the packet. */
const MOST_LABELS = 32;

/** Prints text such as `MPLS (label 100656, tc 6, [S], ttl 64) IP …`. */
export function printMpls(line: Line, at: number, length: number): void {
  line.protocol = "mpls";
  line.add("MPLS");
  let place = at;
  let left = length;
  let entry = 0;
  for (let count = 0; count < MOST_LABELS && (entry & BOTTOM) === 0; count++) {
    if (left < 4) return line.invalid();
    entry = line.u32(place);
    const label = entry >>> 12;
    line.add(`${line.flags.verbose > 0 && count > 0 ? "\n\t" : " "}(label ${label}`);
    const name = RESERVED[label];
    if (line.flags.verbose > 0 && name !== undefined) line.add(` (${name})`);
    line.add(`, tc ${(entry >>> 9) & 7}${(entry & BOTTOM) === 0 ? "" : ", [S]"}, ttl ${entry & 0xff})`);
    place += 4;
    left -= 4;
  }
  // The label does not state what it carries. The first half byte of the payload tells.
  if (!line.has(place, 1)) return;
  const version = line.u8(place) >> 4;
  if (version !== 4 && version !== 6) return printBytes(line, place, left);
  line.add(line.flags.verbose > 0 ? "\n\t" : " ");
  line.enter(version === 4 ? printIpv4 : printIpv6, place, left);
}

/** Prints text such as `LSP-PINGv1, MPLS Echo Request, seq 1, length: 48` (RFC 8029). */
export function printLspPing(line: Line, at: number, length: number): void {
  line.protocol = "lspping";
  line.need(at, 32);
  const version = line.u16(at);
  if (version !== 1) return line.add(`LSP-PING version ${version} packet not supported`);
  const type = line.u8(at + 4);
  const name = type === 1 ? "MPLS Echo Request" : type === 2 ? "MPLS Echo Reply" : `unknown (${type})`;
  line.add(`LSP-PINGv${version}, ${name}, seq ${line.u32(at + 12)}, length: ${length}`);
}

/** Prints text such as `LDP, Label-Space-ID: 192.0.2.1:0, pdu-length: 38` (RFC 5036), for each of its messages. */
export function printLdp(line: Line, at: number, length: number): void {
  line.protocol = "ldp";
  let place = at;
  // At least one header, and more than the header of a message, must follow.
  while (place + 18 < at + length) {
    line.need(place, 10);
    const size = line.u16(place + 2);
    const version = line.u16(place);
    if (version !== 1) return line.add(`LDP version ${version} packet not supported`);
    if (size < 6 || place + 4 + size > at + length) return;
    if (place > at) line.add("\n\t");
    line.add(`LDP, Label-Space-ID: ${ipv4At(line, place + 4)}:${line.u16(place + 8)}, pdu-length: ${size}`);
    place += 4 + size;
  }
}

/** Prints MPLS over UDP (RFC 7510). */
export function printMplsOverUdp(line: Line, at: number, length: number): void {
  line.enter(printMpls, at, length);
}
