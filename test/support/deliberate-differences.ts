/** Packets for which ringcap's filter answers differently from libpcap's on purpose (docs/limits.md). */

const TAGS = [0x8100, 0x88a8, 0x9100];
const EXTENSION_HEADERS = [0, 43, 44, 51, 60];

/** Why the answers may differ for an Ethernet frame or a bare IP packet; undefined when they may not. */
export function deliberateDifference(data: Uint8Array, isEthernet: boolean): string | undefined {
  let network = 0;
  let version = (data[0] ?? 0) >> 4;
  if (isEthernet) {
    network = 14;
    let type = typeAt(data, 12);
    for (let tags = 0; tags < 2 && TAGS.includes(type); tags++) {
      type = typeAt(data, network + 2);
      network += 4;
    }
    version = type === 0x0800 ? 4 : type === 0x86dd ? 6 : 0;
  }
  if (version === 4 && ((data[network] ?? 5) & 0x0f) < 5) return "an IPv4 header shorter than 20 bytes";
  if (version === 6 && EXTENSION_HEADERS.includes(data[network + 6] ?? -1)) return "IPv6 extension headers";
  return undefined;
}

function typeAt(data: Uint8Array, offset: number): number {
  return ((data[offset] ?? 0) << 8) | (data[offset + 1] ?? 0);
}
