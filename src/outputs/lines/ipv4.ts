/** IPv4 (RFC 791). */
import { rightChecksum, sumOf } from "./checksum.ts";
import type { IpHeader } from "./ip-fields.ts";
import { addAddresses, ipv4At } from "./ip-header.ts";
import { ipProtocolName } from "./ip-names.ts";
import { printIpv4Options } from "./ipv4-options.ts";
import type { Line } from "./line.ts";
import { bitNames, hex } from "./names.ts";
import { WITH_PORTS } from "./transports-with-ports.ts";

const SMALLEST_HEADER = 20;
const MORE_FRAGMENTS = 0x2000;
const FLAGS = [
  [MORE_FRAGMENTS, "+"],
  [0x4000, "DF"],
  [0x8000, "rsvd"],
] as const;
/** The texts of the lower two bits of the type of service (RFC 3168). */
const ECN_NAMES = ["", ",ECT(1)", ",ECT(0)", ",CE"];

/** Prints text such as `IP 10.0.0.1.1234 > 10.0.0.2.80: …`. */
export function printIpv4(line: Line, at: number, length: number): void {
  line.protocol = "ip";
  const version = line.u8(at) >> 4;
  if (version !== 4) {
    line.add(version === 6 ? "IP6, wrong link-layer encapsulation" : `IP${version}`);
    return line.invalid();
  }
  if (!line.flags.linkHeader) line.add("IP ");
  line.need(at, SMALLEST_HEADER);
  if (length < SMALLEST_HEADER) return line.add(`truncated-ip ${length}`);
  const headerLength = (line.u8(at) & 0xf) * 4;
  if (headerLength < SMALLEST_HEADER) return line.add(`bad-hlen ${headerLength}`);
  let total = line.u16(at + 2);
  if (length < total) line.add(`truncated-ip - ${total - length} bytes missing! `);
  if (total < headerLength) {
    if (total !== 0) return line.add(`bad-len ${total}`);
    // A packet that the kernel has not segmented yet states a length of 0.
    total = length;
  }
  line.within(at + total, () => printWhole(line, at, headerLength, total));
}

function printWhole(line: Line, at: number, headerLength: number, total: number): void {
  const fragment = line.u16(at + 6);
  const protocol = line.u8(at + 9);
  const header: IpHeader = {
    version: 4,
    at,
    source: ipv4At(line, at + 12),
    destination: ipv4At(line, at + 16),
    isFragment: (fragment & MORE_FRAGMENTS) !== 0,
    timeToLive: line.u8(at + 8),
    areAddressesPrinted: false,
  };
  line.source = header.source;
  line.destination = header.destination;
  if (line.flags.verbose > 0 && !printDetails(line, at, headerLength, total)) {
    line.add(`${header.source} > ${header.destination}: `);
    return line.mark();
  }
  if ((fragment & 0x1fff) !== 0) return line.add(`${header.source} > ${header.destination}: ip-proto-${protocol}`);
  if (!WITH_PORTS.has(protocol)) {
    addAddresses(line, header);
    header.areAddressesPrinted = true;
  }
  if (!line.has(at, headerLength)) {
    line.add(` [remaining caplen(${line.captured(at)}) < header length(${headerLength})]`);
    return line.mark();
  }
  line.inner.transport(line, protocol, at + headerLength, total - headerLength, header);
}

/**
 * `(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)`
 *
 * @returns whether its options could be read
 */
function printDetails(line: Line, at: number, headerLength: number, total: number): boolean {
  const typeOfService = line.u8(at + 1);
  const timeToLive = line.u8(at + 8);
  const fragment = line.u16(at + 6);
  const protocol = line.u8(at + 9);
  line.add(`(tos ${hex(typeOfService)}${ECN_NAMES[typeOfService & 3]}`);
  if (timeToLive > 0) line.add(`, ttl ${timeToLive}`);
  line.add(`, id ${line.u16(at + 4)}, offset ${(fragment & 0x1fff) * 8}, flags [${bitNames(FLAGS, fragment, "none")}]`);
  line.add(`, proto ${ipProtocolName(protocol)} (${protocol}), length ${total}`);
  let areOptionsWhole = true;
  if (headerLength > SMALLEST_HEADER) {
    line.add(", options (");
    areOptionsWhole = printIpv4Options(line, at + SMALLEST_HEADER, headerLength - SMALLEST_HEADER);
    if (!areOptionsWhole) line.add(" [truncated-option]");
    line.add(")");
  }
  if (!line.flags.uncheckedSums && line.has(at, headerLength)) {
    const sum = sumOf(line.bytes, at, at + headerLength);
    const found = line.u16(at + 10);
    if (sum !== 0xffff) line.add(`, bad cksum ${found.toString(16)} (->${rightChecksum(found, sum).toString(16)})!`);
  }
  line.add(")\n    ");
  return areOptionsWhole;
}
