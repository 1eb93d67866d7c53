/** UDP (RFC 768). */
import { rightChecksum, sumWithPseudoHeader } from "./checksum.ts";
import type { IpHeader } from "./ip-fields.ts";
import { addPorts } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";
import { udpPayloadPrinter } from "./udp-payloads.ts";

const HEADER_LENGTH = 8;
/**
 * The largest length that the field can state. A longer datagram, which the kernel has not segmented yet, may state 0.
 */
const LARGEST_STATED = 65_535;
const IP_PROTOCOL_UDP = 17;

/** Prints text such as `10.0.0.1.5000 > 10.0.0.2.6000: UDP, length 3`. */
export function printUdp(line: Line, at: number, given: number, header: IpHeader): void {
  line.protocol = "udp";
  if (!line.has(at, 4)) {
    line.add(`${header.source} > ${header.destination}: `);
    return line.mark();
  }
  const source = line.u16(at);
  const destination = line.u16(at + 2);
  addPorts(line, header, source, destination);
  if (given < HEADER_LENGTH) return line.add(`truncated-udp ${given}`);
  const stated = line.u16(at + 4);
  if (stated < HEADER_LENGTH && !(stated === 0 && given > LARGEST_STATED))
    return line.add(`truncated-udplength ${stated}`);
  line.need(at, HEADER_LENGTH);
  const available = given - HEADER_LENGTH;
  const payload = stated === 0 ? available : stated - HEADER_LENGTH;
  const length = Math.min(payload, available);
  // The checksum of IPv4, which may be left out, is shown from -vv on. The checksum of IPv6 is shown from -v on.
  const isSumShown = line.flags.verbose > (header.version === 4 ? 1 : 0);
  if (isSumShown && !line.flags.uncheckedSums && !header.isFragment) {
    addChecksum(line, at, length + HEADER_LENGTH, header);
  }
  const printer = line.flags.quiet ? undefined : udpPayloadPrinter(source, destination);
  if (printer !== undefined) printer(line, at + HEADER_LENGTH, length);
  else if (payload > length && !header.isFragment) line.add(`UDP, bad length ${payload} > ${length}`);
  else line.add(`UDP, length ${payload}`);
}

function addChecksum(line: Line, at: number, length: number, header: IpHeader): void {
  const found = line.u16(at + 6);
  if (found === 0) {
    if (header.version === 4) line.add("[no cksum] ");
    return;
  }
  if (!line.has(at, length)) return;
  const sum = sumWithPseudoHeader(line, header, IP_PROTOCOL_UDP, at, length);
  if (sum === 0xffff) line.add("[udp sum ok] ");
  else line.add(`[bad udp cksum ${hex(found, 4)} -> ${hex(rightChecksum(found, sum), 4)}!] `);
}
