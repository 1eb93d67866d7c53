/** One line per packet, as tcpdump writes it. */
export { LineSink } from "./line-sink.ts";
export type { ByteForm, PacketLineOptions } from "./packet-line.ts";
export { formatTimeOfDay, type TimeForm } from "./time.ts";
