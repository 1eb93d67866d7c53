/** Prints one line for each packet, as tcpdump does. */
export { LineSink } from "./line-sink.ts";
export type { ByteForm, PacketLineOptions } from "./packet-line.ts";
export { formatTimeOfDay, type TimeForm } from "./time.ts";
