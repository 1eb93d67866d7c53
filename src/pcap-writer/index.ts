/**
 * "ringcap/pcap-writer" writes pcap files, with microseconds or nanoseconds, and pcapng files. It can be used without
 * the rest of ringcap.
 */

export { openOutput, outputError } from "./output.ts";
export {
  PcapEncoder,
  type PcapFormat,
  pcapFileHeader,
  SNAPSHOT_LENGTH_MAX,
  type TimeStampPrecision,
} from "./pcap-encoder.ts";
export { type PcapPacket, PcapWriter } from "./pcap-writer.ts";
export * from "./pcapng/index.ts";
