/** Prints addresses and ports as they stand in a line. */
import { formatIpv4Address, formatIpv6Address } from "../../pcap-parser/index.ts";
import type { IpHeader } from "./ip-fields.ts";
import type { Line } from "./line.ts";

/** Prints text such as `10.0.0.1.1234 > 10.0.0.2.80: `, or the ports alone where the addresses are printed already. */
export function addPorts(line: Line, header: IpHeader, source: number, destination: number): void {
  if (header.areAddressesPrinted) line.add(`${source} > ${destination}: `);
  else addEnds(line, header, source, destination);
}

/** Prints text such as `10.0.0.1.1234 > 10.0.0.2.80: `, whether or not the addresses are printed already. */
export function addEnds(line: Line, header: IpHeader, source: number, destination: number): void {
  line.add(`${header.source}.${source} > ${header.destination}.${destination}: `);
}

/** Prints text such as `10.0.0.1 > 10.0.0.2: `, unless it is printed already. */
export function addAddresses(line: Line, header: IpHeader): void {
  if (!header.areAddressesPrinted) line.add(`${header.source} > ${header.destination}: `);
}

export function ipv4At(line: Line, at: number): string {
  line.need(at, 4);
  return formatIpv4Address(line.bytes, at);
}

export function ipv6At(line: Line, at: number): string {
  line.need(at, 16);
  // tcpdump writes the last four bytes of formerly IPv4-compatible addresses (::/96) as the C library does.
  const isCompatible = line.u64(at) === 0n && line.u32(at + 8) === 0 && line.u16(at + 12) !== 0;
  return isCompatible ? `::${formatIpv4Address(line.bytes, at + 12)}` : formatIpv6Address(line.bytes, at);
}
