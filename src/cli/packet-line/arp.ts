import type { ArpAddresses, ArpHeader } from "../../pcap-parser/index.ts";
import { hex, type LineContext } from "./context.ts";

const ETHER_TYPE_IPV4 = 0x0800;
const ETHERNET_HARDWARE = 1;
const ALL_ZERO = /^[0:]*$/;

/** `ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28` */
export function formatArp(context: LineContext): string {
  const { arp } = context.packet;
  if (arp?.addresses === undefined) return " [|arp]";
  const length = `length ${context.originalLength - arp.offset}`;
  const isEthernetAndIpv4 = arp.protocolType === ETHER_TYPE_IPV4 && arp.protocolLength === 4 && arp.hardwareLength > 0;
  if (!isEthernetAndIpv4) return `ARP, ${spaces(arp)}, ${length}`;
  const operation = operationText(arp.operation, arp.addresses);
  const prefix = context.verbose ? `ARP, ${spaces(arp)}, ` : "ARP, ";
  return operation === undefined ? `${prefix}${lonelyOperation(arp)}` : `${prefix}${operation}, ${length}`;
}

/** Which kinds of address the packet maps. */
function spaces(arp: ArpHeader): string {
  const hardware = arp.hardwareType === ETHERNET_HARDWARE ? "Ethernet" : `Unknown Hardware (${arp.hardwareType})`;
  const protocol = arp.protocolType === ETHER_TYPE_IPV4 ? "IPv4" : `Unknown Protocol (${hex(arp.protocolType, 4)})`;
  return `${hardware} (len ${arp.hardwareLength}), ${protocol} (len ${arp.protocolLength})`;
}

function operationText(operation: number, addresses: ArpAddresses): string | undefined {
  const { senderHardwareAddress, senderProtocolAddress, targetHardwareAddress, targetProtocolAddress } = addresses;
  switch (operation) {
    case 1: {
      // A requester does not know the target's hardware address; one that is filled in is worth showing.
      const target = ALL_ZERO.test(targetHardwareAddress) ? "" : ` (${targetHardwareAddress})`;
      return `Request who-has ${targetProtocolAddress}${target} tell ${senderProtocolAddress}`;
    }
    case 2:
      return `Reply ${senderProtocolAddress} is-at ${senderHardwareAddress}`;
    case 3:
      return `Reverse Request who-is ${targetHardwareAddress} tell ${senderHardwareAddress}`;
    case 4:
      return `Reverse Reply ${targetHardwareAddress} at ${targetProtocolAddress}`;
    case 8:
      return `Inverse Request who-is ${targetHardwareAddress} tell ${senderHardwareAddress}`;
    case 9:
      return `Inverse Reply ${senderHardwareAddress} at ${senderProtocolAddress}`;
    default:
      return undefined;
  }
}

function lonelyOperation(arp: ArpHeader): string {
  return arp.operation === 10 ? "NACK Reply" : `Unknown (${arp.operation})`;
}
