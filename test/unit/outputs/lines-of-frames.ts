/** The lines that tests look at. */
import { type LinePacket, type PacketLineOptions, PacketLines } from "../../../src/outputs/lines/packet-line.ts";
import { PLAIN_LINES } from "../../support/plain-lines.ts";
import { ethernet, frame, ipv4, ipv6 } from "../pcap-parser/frames.ts";

/** In the zone of whoever runs the test, as the line is. */
export const THREE_O_CLOCK = BigInt(new Date(2024, 0, 2, 3, 4, 5).getTime()) * 1_000_000n;
export const TIME = "03:04:05.000000";

export const PLAIN: PacketLineOptions = { ...PLAIN_LINES, timeForm: 0 };

export function line(
  data: Uint8Array,
  options: Partial<PacketLineOptions> = {},
  packet: Partial<LinePacket> = {},
): string {
  const defaults: LinePacket = {
    timestamp: THREE_O_CLOCK,
    data,
    originalLength: data.length,
    linkType: 1,
    direction: "in",
  };
  return new PacketLines({ ...PLAIN, ...options }).format({ ...defaults, ...packet });
}

/** The line of a frame, without its time. */
export function text(bytes: readonly number[], options: Partial<PacketLineOptions> = {}): string {
  return line(frame(bytes), options).slice(TIME.length + 1);
}

export const overIpv4 = (protocol: number, payload: readonly number[]) =>
  text(ethernet(0x0800, ipv4(protocol, payload)));
export const overIpv6 = (protocol: number, payload: readonly number[]) =>
  text(ethernet(0x86dd, ipv6(protocol, payload)));
