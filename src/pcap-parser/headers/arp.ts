/** Address resolution: ARP (RFC 826), RARP (RFC 903) and InARP (RFC 2390) share one form. */
import { formatHardwareAddress, formatIpv4Address } from "./address.ts";
import { type DecodedLayer, shortfall } from "./problem.ts";
import { uint8, uint16 } from "./read.ts";

const FIXED_LENGTH = 8;

/**
 * The addresses of sender and target. `senderHardwareAddress` and `targetHardwareAddress` are colon-separated hexadecimal,
 * and `targetProtocolAddress` is in the form of `senderProtocolAddress`.
 */
export interface ArpAddresses {
  readonly senderHardwareAddress: string;
  /** Dotted decimal if the protocol address is four bytes long, colon-separated hexadecimal otherwise. */
  readonly senderProtocolAddress: string;
  readonly targetHardwareAddress: string;
  readonly targetProtocolAddress: string;
}

/** A packet of ARP, RARP or InARP. `offset` is where it begins, in bytes within the packet. */
export interface ArpHeader {
  readonly offset: number;
  /** The type of the hardware addresses; 1 is Ethernet. */
  readonly hardwareType: number;
  /** The EtherType of the protocol addresses; 0x0800 is IPv4. */
  readonly protocolType: number;
  /** Bytes of each hardware address. */
  readonly hardwareLength: number;
  /** Bytes of each protocol address. */
  readonly protocolLength: number;
  /** 1 request, 2 reply, 3 and 4 RARP, 8 and 9 InARP, 10 NAK. */
  readonly operation: number;
  /** The four addresses; undefined when they were not captured whole. */
  readonly addresses: ArpAddresses | undefined;
}

/** Decodes the ARP packet at `offset`. There is no header unless its eight fixed bytes were captured. */
export function decodeArp(bytes: Uint8Array, offset: number, end = Number.POSITIVE_INFINITY): DecodedLayer<ArpHeader> {
  const short = shortfall("arp", bytes, offset, FIXED_LENGTH, end);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const hardwareLength = uint8(bytes, offset + 4);
  const protocolLength = uint8(bytes, offset + 5);
  const start = offset + FIXED_LENGTH;
  const addressesLength = 2 * (hardwareLength + protocolLength);
  const problem = shortfall("arp", bytes, start, addressesLength, end);
  const header = {
    offset,
    hardwareType: uint16(bytes, offset),
    protocolType: uint16(bytes, offset + 2),
    hardwareLength,
    protocolLength,
    operation: uint16(bytes, offset + 6),
    addresses: problem === undefined ? readAddresses(bytes, start, hardwareLength, protocolLength) : undefined,
  };
  return { header, next: problem === undefined ? start + addressesLength : start, problem };
}

function readAddresses(
  bytes: Uint8Array,
  sender: number,
  hardwareLength: number,
  protocolLength: number,
): ArpAddresses {
  const protocolAddress = (at: number) =>
    protocolLength === 4 ? formatIpv4Address(bytes, at) : formatHardwareAddress(bytes, at, protocolLength);
  const target = sender + hardwareLength + protocolLength;
  return {
    senderHardwareAddress: formatHardwareAddress(bytes, sender, hardwareLength),
    senderProtocolAddress: protocolAddress(sender + hardwareLength),
    targetHardwareAddress: formatHardwareAddress(bytes, target, hardwareLength),
    targetProtocolAddress: protocolAddress(target + hardwareLength),
  };
}
