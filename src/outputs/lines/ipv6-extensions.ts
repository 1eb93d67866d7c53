/** The extension headers of IPv6: hop-by-hop, routing, fragment, destination options (RFC 8200) and mobility (RFC 6275). */
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";

/** Prints an extension header. It returns undefined where nothing that can be read follows the header. */
export type Extension = (
  line: Line,
  at: number,
  length: number,
) =>
  | {
      readonly protocol: number;
      readonly length: number;
      readonly isFragment?: boolean;
      readonly finalDestination?: number;
    }
  | undefined;

const options =
  (name: string, mark: string): Extension =>
  (line, at) => {
    line.protocol = mark;
    const length = (line.u8(at + 1) + 1) * 8;
    line.need(at, length);
    line.add(`${name} `);
    if (line.flags.verbose > 0) addOptions(line, at + 2, at + length);
    return { protocol: line.u8(at), length };
  };

/** Prints options (RFC 8200, 2711, 2675): ` (rtalert: 0x0000) (padn)`. */
function addOptions(line: Line, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const type = line.u8(at);
    if (type === 0) {
      line.add("(pad1) ");
      at += 1;
      continue;
    }
    if (at + 1 >= end) return;
    const size = line.u8(at + 1);
    if (type === 1) line.add("(padn) ");
    else if (type === 5) line.add(`(rtalert: ${hex(line.u16(at + 2), 4)}) `);
    else if (type === 0xc2) line.add(`(jumbo: ${line.u32(at + 2)})  `);
    else if (type === 0xc9) line.add("(homeaddr) ");
    else line.add(`(opt_type ${hex(type, 2)}: len=${size}) `);
    at += 2 + size;
  }
}

const fragment: Extension = (line, at, left) => {
  line.protocol = "frag6";
  line.need(at, 4);
  const place = line.u16(at + 2);
  const identification = line.flags.verbose > 0 ? `${hex(line.u32(at + 4), 8)}:` : "";
  line.add(`frag (${identification}${place & 0xfff8}|${left - 8})`);
  // Only the first fragment has the headers of the original packet.
  if ((place & 0xfff8) !== 0) return undefined;
  line.add(" ");
  if (line.captured(at + 8) === 0) return undefined;
  return { protocol: line.u8(at), length: 8, isFragment: true };
};

/** Prints a routing header: source route (RFC 2460), mobility (RFC 6275) or segment routing (RFC 8754). */
const routing: Extension = (line, at) => {
  line.protocol = "rt6";
  line.need(at, 4);
  const units = line.u8(at + 1);
  const type = line.u8(at + 2);
  line.add(`RT6 (len=${units}, type=${type}`);
  if (type === 0) line.add(" [Deprecated]");
  line.add(`, segleft=${line.u8(at + 3)}`);
  if (line.flags.verbose > 0 && (type === 0 || type === 2)) line.add(`, rsv=${hex(line.u32(at + 4))}`);
  const length = (units + 1) * 8;
  if (type === 0 || type === 2) {
    if (units % 2 === 1) return undefined;
    for (let index = 0; index < units / 2; index++) addSegment(line, index, at + 8 + 16 * index);
  } else if (type === 4) {
    const last = line.u8(at + 4);
    line.add(`, last-entry=${last}`);
    if (line.flags.verbose > 0 || line.u8(at + 5) !== 0) line.add(`, flags=${hex(line.u8(at + 5))}`);
    line.add(`, tag=${line.u16(at + 6).toString(16)}`);
    if (units % 2 === 1) {
      line.add(` (invalid length ${units})`);
      line.invalid();
      return undefined;
    }
    for (let index = 0; index <= last && 16 * (index + 1) + 8 <= length; index++)
      addSegment(line, index, at + 8 + 16 * index);
  } else {
    line.add(") ");
    return { protocol: line.u8(at), length };
  }
  line.add(") ");
  // A checksum covers the address that the packet will have at its final destination.
  const isOnItsWay = line.u8(at + 3) > 0 && length >= 24;
  const finalDestination = type === 4 ? at + 8 : at + length - 16;
  return { protocol: line.u8(at), length, ...(isOnItsWay ? { finalDestination } : {}) };
};

function addSegment(line: Line, index: number, at: number): void {
  line.add(`, [${index}]${ipv6At(line, at)}`);
}

export const EXTENSIONS: ReadonlyMap<number, Extension> = new Map([
  [0, options("HBH", "hbhopt")],
  [43, routing],
  [44, fragment],
  [60, options("DSTOPT", "dstopt")],
]);
