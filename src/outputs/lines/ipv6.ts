/** IPv6 (RFC 8200). */
import type { IpHeader } from "./ip-fields.ts";
import { addAddresses, ipv6At } from "./ip-header.ts";
import { ipProtocolName } from "./ip-names.ts";
import { EXTENSIONS } from "./ipv6-extensions.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";
import { WITH_PORTS } from "./transports-with-ports.ts";

const HEADER_LENGTH = 40;
const HOP_BY_HOP = 0;
/**
 * The most extension headers that are followed. RFC 8200 names seven, and a far longer chain serves to exhaust its
 * reader.
 */
const MOST_EXTENSIONS = 32;

/** Prints text such as `IP6 fe80::1.1234 > ff02::2.80: …`. */
export function printIpv6(line: Line, at: number, length: number): void {
  line.protocol = "ip6";
  line.need(at, HEADER_LENGTH);
  if (length < HEADER_LENGTH) return line.add(`truncated-ip6 ${length}`);
  if (!line.flags.linkHeader) line.add("IP6 ");
  const version = line.u8(at) >> 4;
  if (version !== 6) return line.add(`version error: ${version} != 6`);
  const stated = line.u16(at + 4);
  const total = stated + HEADER_LENGTH;
  if (length < total) line.add(`truncated-ip6 - ${total - length} bytes missing!`);
  if (line.flags.verbose > 0) printDetails(line, at, stated);
  const header: IpHeader = {
    version: 6,
    at,
    source: ipv6At(line, at + 8),
    destination: ipv6At(line, at + 24),
    isFragment: false,
    timeToLive: line.u8(at + 7),
    areAddressesPrinted: false,
  };
  line.source = header.source;
  line.destination = header.destination;
  // A jumbogram, and a packet that the kernel has not segmented yet, state a length of 0.
  const payload = stated === 0 ? length - HEADER_LENGTH : stated;
  line.within(at + HEADER_LENGTH + payload, () =>
    printChain(line, line.u8(at + 6), at + HEADER_LENGTH, payload, header),
  );
}

function printDetails(line: Line, at: number, stated: number): void {
  const first = line.u32(at);
  const trafficClass = (first >>> 20) & 0xff;
  const flowLabel = first & 0xfffff;
  line.add("(");
  if (trafficClass !== 0) line.add(`class ${hex(trafficClass, 2)}, `);
  if (flowLabel !== 0) line.add(`flowlabel ${hex(flowLabel, 5)}, `);
  const next = line.u8(at + 6);
  line.add(`hlim ${line.u8(at + 7)}, next-header ${ipProtocolName(next)} (${next}) payload length: ${stated}) `);
}

/** Prints the extension headers and what is behind them. */
function printChain(line: Line, nextHeader: number, start: number, payload: number, first: IpHeader): void {
  let header = first;
  let protocol = nextHeader;
  let at = start;
  let left = payload;
  for (let count = 0; count < MOST_EXTENSIONS; count++) {
    const extension = EXTENSIONS.get(protocol);
    if (protocol === HOP_BY_HOP && count > 0) {
      line.add("[The Hop-by-Hop Options header was already found]");
      return line.invalid();
    }
    if (!WITH_PORTS.has(protocol) || extension !== undefined) {
      addAddresses(line, header);
      header.areAddressesPrinted = true;
    }
    if (extension === undefined) {
      line.protocol = "ip6";
      line.inner.transport(line, protocol, at, left, header);
      return;
    }
    const next = extension(line, at, left);
    if (next === undefined) return;
    if (next.isFragment) header = { ...header, isFragment: true };
    if (next.finalDestination !== undefined) header = { ...header, finalDestination: next.finalDestination };
    left -= next.length;
    at += next.length;
    protocol = next.protocol;
    if (left < 0) return;
  }
  line.add(" [...]");
}
