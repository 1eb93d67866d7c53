/** Prints multicast listener discovery (RFC 2710, 3810), whose messages ICMPv6 carries. */
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";

export function printListener(line: Line, at: number): void {
  line.add(`max resp delay: ${line.u16(at + 4)} addr: ${ipv6At(line, at + 8)}`);
}

export function printListenerQuery2(line: Line, at: number, length: number): void {
  line.add(" v2");
  if (line.flags.verbose > 0) {
    const code = line.u16(at + 4);
    const delay = code < 32_768 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3);
    line.add(` [max resp delay=${delay}]`);
  }
  line.add(` [gaddr ${ipv6At(line, at + 8)}`);
  if (line.flags.verbose > 0) {
    const flags = line.u8(at + 24);
    if ((flags & 8) !== 0) line.add(" sflag");
    if ((flags & 7) !== 0) line.add(` robustness=${flags & 7}`);
    const interval = line.u8(at + 25);
    line.add(` qqi=${interval < 128 ? interval : ((interval & 0xf) | 0x10) << (((interval >> 4) & 7) + 3)}`);
  }
  const sources = line.u16(at + 26);
  if (sources > 0) {
    if (length < 28 + 16 * sources) line.add(` [invalid number of sources ${sources}]`);
    else if (line.flags.verbose > 1) {
      line.add(" {");
      for (let index = 0; index < sources; index++) line.add(` ${ipv6At(line, at + 28 + 16 * index)}`);
      line.add(" }");
    } else line.add(`, ${sources} source(s)`);
  }
  line.add("]");
}

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

export function printListenerReport2(line: Line, at: number, length: number): void {
  const count = line.u16(at + 6);
  line.add(`, ${count} group record(s)`);
  if (line.flags.verbose === 0) return;
  let place = at + 8;
  for (let index = 0; index < count; index++) {
    if (place + 20 > at + length) return line.add(` [invalid number of groups]`);
    const sources = line.u16(place + 2);
    line.add(` [gaddr ${ipv6At(line, place + 4)} ${RECORDS[line.u8(place)] ?? `[v2-report-#${line.u8(place)}]`}`);
    line.add(line.flags.verbose > 1 ? " {" : `, ${sources} source(s)`);
    for (let source = 0; line.flags.verbose > 1 && source < sources; source++) {
      line.add(` ${ipv6At(line, place + 20 + 16 * source)}`);
    }
    line.add(line.flags.verbose > 1 ? " }]" : "]");
    place += 20 + 16 * sources + 4 * line.u8(place + 1);
  }
}
