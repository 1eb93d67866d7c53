import { ipv4Bytes, macBytes, receiver, sender } from "./addresses.ts";
import { concatenate, u16 } from "./bytes.ts";
import { etherTypes } from "./ethernet.ts";

export interface ArpOptions {
  /** 1 request (the default), 2 reply. */
  readonly operation?: number;
  readonly senderMac?: string;
  readonly senderAddress?: string;
  readonly targetMac?: string;
  readonly targetAddress?: string;
}

/** An ARP packet for IPv4 over Ethernet (RFC 826); its frame has `etherType: etherTypes.arp`. */
export function arp(options: ArpOptions = {}): Uint8Array {
  const { operation = 1, senderMac = sender.mac, senderAddress = sender.ipv4 } = options;
  const { targetMac = "00:00:00:00:00:00", targetAddress = receiver.ipv4 } = options;
  return concatenate(
    u16(1),
    u16(etherTypes.ipv4),
    [6, 4],
    u16(operation),
    macBytes(senderMac),
    ipv4Bytes(senderAddress),
    macBytes(targetMac),
    ipv4Bytes(targetAddress),
  );
}
