/** ARP (RFC 826), RARP (RFC 903) and InARP (RFC 2390). */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { ETHER_TYPE_IPV4, etherTypeName } from "./ether-type-names.ts";
import { printBytes } from "./hex-dump.ts";
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex, namesOf } from "./names.ts";

const FIXED_LENGTH = 8;
/** The EtherType of packets whose IPv4 header stands behind the data, as in BSD 4.2 (RFC 893). */
const TRAILER = 0x1000;

const hardwareName = namesOf(
  {
    1: "Ethernet",
    6: "TokenRing",
    7: "ArcNet",
    15: "FrameRelay",
    17: "Strip",
    24: "IEEE 1394",
    19: "ATM",
    32: "InfiniBand",
  },
  "Unknown Hardware (%d)",
);

/** Prints text such as `ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28`. */
export function printArp(line: Line, at: number, length: number): void {
  line.protocol = "arp";
  line.need(at, FIXED_LENGTH);
  const hardwareType = line.u16(at);
  const protocolType = line.u16(at + 2);
  const hardwareLength = line.u8(at + 4);
  const protocolLength = line.u8(at + 5);
  const operation = line.u16(at + 6);
  const sender = at + FIXED_LENGTH;
  const target = sender + hardwareLength + protocolLength;
  line.need(sender, 2 * (hardwareLength + protocolLength));
  if (!line.flags.linkHeader) line.add("ARP, ");
  const isIpv4 = (protocolType === ETHER_TYPE_IPV4 || protocolType === TRAILER) && protocolLength === 4;
  const isShort = isIpv4 && hardwareLength > 0;
  if (!isShort || line.flags.verbose > 0) {
    line.add(`${hardwareName(hardwareType)} (len ${hardwareLength}), `);
    line.add(`${etherTypeName(protocolType) ?? `Unknown Protocol (${hex(protocolType, 4)})`} (len ${protocolLength})`);
    if (line.flags.verbose === 0) return line.add(`, length ${length}`);
    line.add(", ");
  }
  const hardware = (place: number) =>
    hardwareLength === 0 ? "<No address>" : formatHardwareAddress(line.bytes, place, hardwareLength);
  const internet = (place: number) => {
    if (protocolType !== ETHER_TYPE_IPV4 && protocolType !== TRAILER) return "<wrong proto type>";
    return protocolLength === 4 ? ipv4At(line, place) : "<wrong len>";
  };
  const text = operationText(
    operation,
    hardware(sender),
    internet(sender + hardwareLength),
    hardware(target),
    internet(target + hardwareLength),
  );
  if (text === undefined) {
    line.add(operation === 10 ? "NACK Reply " : `Unknown (${operation}) `);
    return printBytes(line, at, line.captured(at));
  }
  line.add(`${text}, length ${length}`);
}

function operationText(
  operation: number,
  senderHardware: string,
  sender: string,
  targetHardware: string,
  target: string,
): string | undefined {
  switch (operation) {
    case 1: {
      // A requester does not know the target's hardware address and leaves it zero. An address that is filled in is
      // printed.
      const filled = /^[0:]*$/.test(targetHardware) ? "" : ` (${targetHardware})`;
      return `Request who-has ${target}${filled} tell ${sender}`;
    }
    case 2:
      return `Reply ${sender} is-at ${senderHardware}`;
    case 3:
      return `Reverse Request who-is ${targetHardware} tell ${senderHardware}`;
    case 4:
      return `Reverse Reply ${targetHardware} at ${target}`;
    case 8:
      return `Inverse Request who-is ${targetHardware} tell ${senderHardware}`;
    case 9:
      return `Inverse Reply ${senderHardware} at ${sender}`;
    default:
      return undefined;
  }
}
