/**
 * "ringcap/pcap-parser": reads capture files and the headers of the packets in them. Pure TypeScript, without the addon
 * and without privileges.
 *
 * ```ts
 * const capture = readPcap(await readFile("syn.pcap"));
 * for (const { timestamp, data } of capture.packets) {
 *   const packet = decodePacket(data, capture.linkType);
 *   if (packet.tcp) console.log(timestamp, packet.ipv4?.sourceAddress, packet.tcp.sourcePort);
 * }
 * ```
 */
export * from "./headers/index.ts";
export { type PcapCapture, type PcapPacket, readPcap } from "./pcap-file.ts";
