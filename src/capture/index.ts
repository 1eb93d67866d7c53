/** What the other parts use of the capture. */
export type { CaptureCounters, CapturedInterface } from "./captured.ts";
export { type LinkType, linkTypeOf } from "./link-types.ts";
export { localTime } from "./local-time.ts";
export { numberIn, oneOf } from "./option-checks.ts";
export type { Action, CaptureOptions, Direction, HookChoice } from "./options.ts";
export type { CapturedPacket, PacketBatch, PacketCursor, PacketProcess } from "./packet-batch.ts";
export { commonLinkType } from "./pcap-chunks.ts";
export { planCapture } from "./plan.ts";
export { type CaptureReport, type PacketReport, packetsOf, type Recording, record, runIntoSink } from "./record.ts";
export type { CaptureSession } from "./session.ts";
export { type ByteOutput, openByteOutput } from "./sinks/byte-output.ts";
export { isStandardOutput, OutputFile } from "./sinks/output-file.ts";
export type { PacketSink } from "./sinks/sink.ts";
export { capture, startCapture } from "./start.ts";
