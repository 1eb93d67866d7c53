/** IPsec: AH (RFC 4302), ESP (RFC 4303), and ESP in UDP (RFC 3948). */
import { formatHex } from "../../pcap-parser/index.ts";
import type { IpHeader } from "./ip-fields.ts";
import { addAddresses } from "./ip-header.ts";
import { printIsakmp } from "./isakmp.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";

/** Prints text such as `ESP(spi=0x00000001,seq=0x1), length 116`. */
export function printEsp(line: Line, at: number, length: number): void {
  line.protocol = "esp";
  line.need(at, 8);
  line.add(`ESP(spi=${hex(line.u32(at), 8)},seq=${hex(line.u32(at + 4))}), length ${length}`);
}

/** Prints text such as `AH(spi=0x00000001,seq=0x1,icv=0x…): ` and what it protects. */
export function printAuthentication(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "ah";
  line.need(at, 12);
  const valueLength = line.u8(at + 1) * 4 - 4;
  line.add("AH(");
  if (line.flags.verbose > 0) line.add(`length=${line.u8(at + 1)}(${line.u8(at + 1) * 4}-bytes),`);
  const reserved = line.u16(at + 2);
  if (reserved !== 0) line.add(`reserved=${hex(reserved)}[MustBeZero],`);
  line.add(`spi=${hex(line.u32(at + 4), 8)},seq=${hex(line.u32(at + 8))},icv=0x`);
  const available = Math.max(0, Math.min(valueLength, line.captured(at + 12) & ~1));
  line.add(formatHex(line.bytes.subarray(at + 12, at + 12 + available)));
  if (available < valueLength) line.cut();
  line.add("): ");
  const headerLength = (line.u8(at + 1) + 2) * 4;
  addAddresses(line, header);
  line.inner.transport(line, line.u8(at), at + headerLength, length - headerLength, header);
}

/** Prints a packet of port 4500, which is a keep-alive, IKE behind four zero bytes, or ESP. */
export function printUdpEncapsulation(line: Line, at: number, length: number): void {
  line.protocol = "isakmp_rfc3948";
  if (length === 1 && line.u8(at) === 0xff) return line.add("isakmp-nat-keep-alive");
  if (length < 4) return line.mark();
  line.need(at, 4);
  if (line.u32(at) === 0) {
    line.add("NONESP-encap: ");
    printIsakmp(line, at + 4, length - 4);
    return;
  }
  line.add("UDP-encap: ");
  printEsp(line, at, length);
}
