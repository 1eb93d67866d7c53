/** Addresses for tests: documentation networks (RFC 5737, RFC 3849) and locally administered MAC addresses. */
import { isIPv4, isIPv6 } from "node:net";
import { concatenate, u16, zeros } from "./bytes.ts";

/** The defaults of every builder: from the sender, to the receiver. No test network gives `receiver` to a device. */
export const sender = { mac: "02:00:00:00:00:01", ipv4: "192.0.2.1", ipv6: "2001:db8::1" } as const;
export const receiver = { mac: "02:00:00:00:00:02", ipv4: "198.51.100.2", ipv6: "2001:db8:1::2" } as const;

export function macBytes(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) {
    throw new Error(`not a MAC address: ${text}`);
  }
  return Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
}

export function ipv4Bytes(text: string): Uint8Array {
  if (!isIPv4(text)) {
    throw new Error(`not an IPv4 address: ${text}`);
  }
  return Uint8Array.from(text.split("."), Number);
}

/** The 16 bytes of an IPv6 address in the text form of RFC 4291, section 2.2 (no embedded IPv4, no zone). */
export function ipv6Bytes(text: string): Uint8Array {
  if (!isIPv6(text) || /[.%]/.test(text)) {
    throw new Error(`not an IPv6 address in hexadecimal: ${text}`);
  }
  const [head = "", tail] = text.split("::");
  const groups = (part: string) =>
    concatenate(...(part === "" ? [] : part.split(":")).map((group) => u16(Number.parseInt(group, 16))));
  const first = groups(head);
  const last = groups(tail ?? "");
  return concatenate(first, zeros(16 - first.length - last.length), last);
}
