/** Ethernet in UDP: VXLAN (RFC 7348) and Geneve (RFC 8926). */
import { etherTypeName } from "./ether-type-names.ts";
import type { Line } from "./line.ts";
import { bitNames, hex } from "./names.ts";

const GENEVE_FLAGS = [
  [0x80, "O"],
  [0x40, "C"],
  [0x20, "R1"],
  [0x10, "R2"],
  [0x08, "R3"],
  [0x04, "R4"],
  [0x02, "R5"],
  [0x01, "R6"],
] as const;
const TRANSPARENT_ETHERNET = 0x6558;

/**
 * Prints `VXLAN, flags [I] (0x08), vni 5001`, and the frame in a row of its own, which begins with a tab, so that it
 * looks like no packet of its own.
 */
export function printVxlan(line: Line, at: number, length: number): void {
  line.protocol = "vxlan";
  if (length < 8) return line.mark();
  const flags = line.u8(at);
  line.add(`VXLAN, flags [${(flags & 8) === 0 ? "invalid" : "I"}] (${hex(flags, 2)}), vni ${line.u24(at + 4)}\n\t`);
  line.need(at, 8);
  line.enter(line.inner.ethernet, at + 8, length - 8);
}

/** Prints text such as `Geneve, Flags [C], vni 0xa, options [8 bytes]: ` and what it carries. */
export function printGeneve(line: Line, at: number, length: number): void {
  line.protocol = "geneve";
  line.add("Geneve");
  if (length < 8) return line.mark();
  const first = line.u8(at);
  const version = first >> 6;
  if (version !== 0) {
    line.add(` ERROR: unknown-version ${version}`);
    return;
  }
  const bits = line.u8(at + 1);
  line.add(`, Flags [${bitNames(GENEVE_FLAGS, bits, "none", "")}]`);
  line.add(`, vni ${hex(line.u24(at + 4))}`);
  const type = line.u16(at + 2);
  if (line.u8(at + 7) !== 0) line.add(`, rsvd ${hex(line.u8(at + 7))}`);
  if (line.flags.linkHeader) line.add(`, proto ${etherTypeName(type) ?? "unknown"} (${hex(type, 4)})`);
  const optionsLength = (first & 0x3f) * 4;
  if (optionsLength > length - 8) return line.add(` truncated-geneve - ${optionsLength - (length - 8)} bytes missing`);
  if (optionsLength > 0) {
    line.need(at + 8, optionsLength);
    line.add(`, options [${optionsLength} bytes]`);
  }
  line.add(line.flags.verbose > 0 ? "\n\t" : ": ");
  const headerLength = 8 + optionsLength;
  if (type === TRANSPARENT_ETHERNET) line.enter(line.inner.ethernet, at + headerLength, length - headerLength);
  else if (!line.inner.etherType(line, type, at + headerLength, length - headerLength))
    line.add(`geneve-proto-${hex(type)}`);
}
