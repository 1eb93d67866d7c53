/** GRE (RFC 2784, 2890; version 1 is that of PPTP, RFC 2637). */
import { etherTypeName } from "./ether-type-names.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line, Printer } from "./line.ts";
import { printMpls } from "./mpls.ts";
import { hex } from "./names.ts";
import { printPpp } from "./ppp.ts";

const HAS_CHECKSUM = 0x8000;
const HAS_ROUTING = 0x4000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;
const HAS_ACKNOWLEDGEMENT = 0x0080;

const INNER: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [0x0800, printIpv4],
  [0x86dd, printIpv6],
  [0x8847, printMpls],
  [0x8848, printMpls],
  [0x6558, (line, at, length) => line.inner.ethernet(line, at, length)],
]);

/** Prints text such as `GREv0, length 72: IP …`. */
export function printGre(line: Line, at: number, length: number): void {
  line.protocol = "gre";
  const bits = line.u16(at);
  const version = bits & 7;
  line.add(`GREv${version}`);
  if (version > 1) return line.add(` ERROR: unknown-version`);
  const type = line.u16(at + 2);
  if (version === 1) return printVersion1(line, at, length, bits, type);
  if (line.flags.verbose > 0) line.add(`, Flags [${flagNames(bits)}]`);
  let place = at + 4;
  if ((bits & (HAS_CHECKSUM | HAS_ROUTING)) !== 0) {
    if ((bits & HAS_CHECKSUM) !== 0 && line.flags.verbose > 0) line.add(`, sum ${hex(line.u16(place))}`);
    line.add(`, off ${hex(line.u16(place + 2))}`);
    place += 4;
  }
  if ((bits & HAS_KEY) !== 0) {
    line.add(`, key=${hex(line.u32(place))}`);
    place += 4;
  }
  if ((bits & HAS_SEQUENCE) !== 0) {
    line.add(`, seq ${line.u32(place)}`);
    place += 4;
  }
  if ((bits & HAS_ROUTING) !== 0) {
    // Routes are not printed. They are of RFC 1701 (1994), and nothing sends them.
    line.add(", routing");
    return line.mark();
  }
  if (line.flags.linkHeader) line.add(`, proto ${protocolText(type)}`);
  line.add(`, length ${length}`);
  line.add(line.flags.verbose > 0 ? "\n\t" : ": ");
  const printer = INNER.get(type);
  if (printer === undefined) line.add(`gre-proto-${hex(type)}`);
  else line.enter(printer, place, length - (place - at));
}

function printVersion1(line: Line, at: number, length: number, bits: number, type: number): void {
  if (line.flags.verbose > 0) line.add(`, Flags [${flagNames(bits)}]`);
  let place = at + 4;
  if ((bits & HAS_KEY) !== 0) {
    const key = line.u32(place);
    line.add(`, call ${key & 0xffff}`);
    place += 4;
  }
  if ((bits & HAS_SEQUENCE) !== 0) {
    line.add(`, seq ${line.u32(place)}`);
    place += 4;
  }
  if ((bits & HAS_ACKNOWLEDGEMENT) !== 0) {
    line.add(`, ack ${line.u32(place)}`);
    place += 4;
  }
  if ((bits & HAS_SEQUENCE) === 0) {
    line.add(", no-payload");
    line.add(`, length ${length}`);
    return;
  }
  if (line.flags.linkHeader) line.add(`, proto ${protocolText(type)}`);
  line.add(`, length ${length}`);
  line.add(line.flags.verbose > 0 ? "\n\t" : ": ");
  if (type === 0x880b) line.enter(printPpp, place, length - (place - at));
  else line.add(`gre-proto-${hex(type)}`);
}

function protocolText(type: number): string {
  return `${etherTypeName(type) ?? "unknown"} (${hex(type, 4)})`;
}

function flagNames(bits: number): string {
  const names = [
    [HAS_CHECKSUM, "checksum present"],
    [HAS_ROUTING, "routing present"],
    [HAS_KEY, "key present"],
    [HAS_SEQUENCE, "sequence# present"],
    [0x0800, "source routing present"],
    [HAS_ACKNOWLEDGEMENT, "ack present"],
  ] as const;
  const set = names.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  return set.length === 0 ? "none" : set.join(", ");
}
