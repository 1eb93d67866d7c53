/** The kinds of keys as the program knows them, and keys as text. */
import { TRAFFIC_KEY } from "../../generated/layouts.ts";
import { TRAFFIC_KEYS, type TrafficKey } from "../../packets/traffic-counts.ts";
import { formatIpv4Address, formatIpv6Address } from "../../pcap-parser/headers/address.ts";

/** enum traffic_kind of bpf/counts/traffic_layout.h, in which the kinds stand in the order of TRAFFIC_KEYS. */
export function kindOf(key: TrafficKey): number {
  return TRAFFIC_KEYS.indexOf(key);
}

/** @param bytes a struct traffic_key @returns such as "192.0.2.0/24", "443" or "[2001:db8::1]:443" */
export function keyText(kind: TrafficKey, bytes: Uint8Array): string {
  const isIpv6 = bytes[TRAFFIC_KEY.ipVersion] === 6;
  const port = new Uint16Array(bytes.slice(TRAFFIC_KEY.port, TRAFFIC_KEY.port + 2).buffer)[0] ?? 0;
  if (kind === "dst-port") return String(port);
  const address = isIpv6
    ? formatIpv6Address(bytes, TRAFFIC_KEY.address)
    : formatIpv4Address(bytes, TRAFFIC_KEY.address);
  if (kind === "src-net") return `${address}/${isIpv6 ? 48 : 24}`;
  if (kind !== "dst+port") return address;
  return isIpv6 ? `[${address}]:${port}` : `${address}:${port}`;
}
