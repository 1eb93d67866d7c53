/**
 * "ringcap/pcap-parser" reads capture files (pcap, pcapng, gzip of both) and the headers of the packets in them. It is
 * pure TypeScript, needs neither the addon nor privileges, and is made for files from strangers.
 *
 * ```ts
 * for await (const batch of await openCapture("syn.pcapng.gz")) {
 *   for (const { number, timestamp, interface: { linkType }, data } of batch) {
 *     const packet = decodePacket(data, linkType);
 *     if (packet.tcp) console.log(number, timestamp, packet.ipv4?.sourceAddress, packet.tcp.sourcePort);
 *   }
 * }
 * ```
 *
 * `openCapture` reads files, stdin and streams. `PcapParser` reads bytes in memory, synchronously. Both yield batches.
 * Iterating over a batch makes an object for each packet, and stepping through it with `batch.cursor()` makes none. A
 * batch, its blocks and the `data` of its packets are valid until the next batch is asked for.
 */
export { CaptureBatch, CaptureCursor, type CapturePacket } from "./capture-batch.ts";
export { CaptureFileError, type CaptureFileFault } from "./capture-file-error.ts";
export { escapeText } from "./escape-text.ts";
export * from "./headers/index.ts";
export { MOST_BLOCK_BYTES, MOST_CAPTURED_BYTES, MOST_INTERFACES } from "./limits.ts";
export { Capture, type OpenCaptureOptions, openCapture } from "./open-capture.ts";
export { PcapParser, type PcapParserOptions } from "./pcap-parser.ts";
export * from "./pcapng/index.ts";
export type { CaptureFormat, PcapFormat, PcapngFormat } from "./record-decoder.ts";
export { CaptureInterface, type CaptureSection } from "./section.ts";
export type { CaptureInput } from "./sources.ts";
