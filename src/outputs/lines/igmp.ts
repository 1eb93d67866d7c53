/** IGMP (RFC 1112, 2236, 3376). */
import { rightChecksum, sumOf } from "./checksum.ts";
import type { IpHeader } from "./ip-fields.ts";
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

/** Prints text such as `igmp v2 report 224.0.0.251`. */
export function printIgmp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "igmp";
  if (header.version === 6) {
    line.add("[IGMP requires IPv4]");
    return line.invalid();
  }
  const type = line.u8(at);
  switch (type) {
    case 0x11:
      printQuery(line, at, length);
      break;
    case 0x12:
      line.add(`igmp v1 report ${ipv4At(line, at + 4)}`);
      addExtraLength(line, length);
      break;
    case 0x16:
      line.add(`igmp v2 report ${ipv4At(line, at + 4)}`);
      break;
    case 0x17:
      line.add(`igmp leave ${ipv4At(line, at + 4)}`);
      break;
    case 0x22:
      printReport3(line, at, length);
      break;
    default:
      line.add(`igmp-${type}`);
  }
  if (line.flags.verbose > 0 && !line.flags.uncheckedSums && line.has(at, length)) {
    const sum = sumOf(line.bytes, at, at + length);
    const found = line.u16(at + 2);
    if (sum !== 0xffff) line.add(` bad igmp cksum ${found.toString(16)}!`.replace(/ -> .*/, ""));
    rightChecksum(found, sum);
  }
}

function addExtraLength(line: Line, length: number): void {
  if (length !== 8) line.add(` [len ${length}]`);
}

function printQuery(line: Line, at: number, length: number): void {
  line.add("igmp query");
  if (length >= 12) return printQuery3(line, at, length);
  const delay = line.u8(at + 1);
  if (delay !== 0) {
    line.add(" v2");
    if (delay !== 100) line.add(` [max resp time ${delay}]`);
  } else line.add(" v1");
  if (line.u32(at + 4) !== 0) line.add(` [gaddr ${ipv4At(line, at + 4)}]`);
  addExtraLength(line, length);
}

/** Returns a delay. Large values have an exponent (RFC 3376, section 4.1.1). */
function delayOf(code: number): number {
  return code < 128 ? code : ((code & 0xf) | 0x10) << (((code >> 4) & 7) + 3);
}

function printQuery3(line: Line, at: number, length: number): void {
  line.add(" v3");
  if ((length & 3) !== 0) {
    line.add(` [len ${length}]`);
    return line.invalid();
  }
  const code = line.u8(at + 1);
  if (code !== 100) {
    const tenths = delayOf(code);
    line.add(
      ` [max resp time ${code < 128 ? `${Math.floor(tenths / 10)}.${tenths % 10}s` : `${relative(Math.floor(tenths / 10))}`}]`,
    );
  }
  if (line.flags.verbose > 1) {
    if ((line.u8(at + 8) & 8) !== 0) line.add(" sflag");
    if ((line.u8(at + 8) & 7) !== 0) line.add(` robustness=${line.u8(at + 8) & 7}`);
    if (line.u8(at + 9) !== 0) line.add(` qqi=${delayOf(line.u8(at + 9))}`);
  }
  if (line.u32(at + 4) === 0) return;
  line.add(` [gaddr ${ipv4At(line, at + 4)}`);
  const sources = line.u16(at + 10);
  if (sources > 0) {
    if (12 + 4 * sources > length) line.add(` [invalid number of sources ${sources}]`);
    else if (line.flags.verbose > 1) {
      line.add(" {");
      for (let index = 0; index < sources; index++) line.add(` ${ipv4At(line, at + 12 + 4 * index)}`);
      line.add(" }");
    } else line.add(`, ${sources} source(s)`);
  }
  line.add("]");
}

function relative(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
}

function printReport3(line: Line, at: number, length: number): void {
  line.add("igmp v3 report");
  if (length < 16 || (length & 3) !== 0) {
    line.add(` [len ${length}]`);
    return line.invalid();
  }
  const count = line.u16(at + 6);
  line.add(`, ${count} group record(s)`);
  if (line.flags.verbose === 0) return;
  let place = at + 8;
  for (let index = 0; index < count; index++) {
    if (place + 8 > at + length) return line.add(" [invalid number of groups]");
    const type = line.u8(place);
    const sources = line.u16(place + 2);
    line.add(` [gaddr ${ipv4At(line, place + 4)} ${RECORDS[type] || `[v3-report-#${type}]`}`);
    if (place + 8 + 4 * sources > at + length) return line.add(` [invalid number of sources ${sources}]]`);
    if (line.flags.verbose > 1) {
      line.add(" {");
      for (let source = 0; source < sources; source++) line.add(` ${ipv4At(line, place + 8 + 4 * source)}`);
      line.add(" }");
    } else line.add(`, ${sources} source(s)`);
    line.add("]");
    place += 8 + 4 * sources;
  }
}
