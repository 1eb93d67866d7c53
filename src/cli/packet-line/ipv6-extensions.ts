/** The extension headers of IPv6: hop-by-hop, routing, fragment, destination options (RFC 8200) and mobility (RFC 6275). */
import { formatIpv6Address } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";

/** Undefined where nothing that can be read follows. */
export type Extension = (
  line: Line,
  at: number,
  length: number,
) => { readonly protocol: number; readonly length: number; readonly isFragment?: boolean } | undefined;

const options =
  (name: string, mark: string): Extension =>
  (line, at) => {
    line.protocol = mark;
    const length = (line.u8(at + 1) + 1) * 8;
    line.need(at, length);
    line.add(`${name} `);
    return { protocol: line.u8(at), length };
  };

const fragment: Extension = (line, at, left) => {
  line.protocol = "frag6";
  line.need(at, 4);
  const place = line.u16(at + 2);
  const identification = line.flags.verbose > 0 ? `${hex(line.u32(at + 4), 8)}:` : "";
  line.add(`frag (${identification}${place & 0xfff8}|${left - 8})`);
  // Only the first one has the headers of what was fragmented.
  if ((place & 0xfff8) !== 0) return undefined;
  line.add(" ");
  if (line.captured(at + 8) === 0) return undefined;
  return { protocol: line.u8(at), length: 8, isFragment: true };
};

/** Source route (RFC 2460), mobility (RFC 6275) and segment routing (RFC 8754). */
const routing: Extension = (line, at) => {
  line.protocol = "rt6";
  line.need(at, 4);
  const units = line.u8(at + 1);
  const type = line.u8(at + 2);
  line.add(`RT6 (len=${units}, type=${type}`);
  if (type === 0) line.add(" [Deprecated]");
  line.add(`, segleft=${line.u8(at + 3)}`);
  const length = (units + 1) * 8;
  if (type === 0 || type === 2) {
    if (units % 2 === 1) return undefined;
    for (let index = 0; index < units / 2; index++) addSegment(line, index, at + 8 + 16 * index);
  } else if (type === 4) {
    const last = line.u8(at + 4);
    line.add(`, last-entry=${last}`);
    if (line.u8(at + 5) !== 0) line.add(`, flags=${hex(line.u8(at + 5))}`);
    line.add(`, tag=${line.u16(at + 6).toString(16)}`);
    for (let index = 0; index <= last && 16 * (index + 1) + 8 <= length; index++)
      addSegment(line, index, at + 8 + 16 * index);
  } else {
    line.add(") ");
    return { protocol: line.u8(at), length };
  }
  line.add(") ");
  return { protocol: line.u8(at), length };
};

function addSegment(line: Line, index: number, at: number): void {
  line.need(at, 16);
  line.add(`, [${index}]${formatIpv6Address(line.bytes, at)}`);
}

export const EXTENSIONS: ReadonlyMap<number, Extension> = new Map([
  [0, options("HBH", "hbhopt")],
  [43, routing],
  [44, fragment],
  [60, options("DSTOPT", "dstopt")],
]);
