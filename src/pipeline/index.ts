/** Moves packets from a source into a sink. */
export {
  type CaptureReport,
  type PacketReport,
  packetsOf,
  type Recording,
  record,
  run,
  runIntoSink,
  type SinkRun,
} from "./run.ts";
export { ANY_LAYOUT, type PacketSink, type RotationCounts, type SinkNeeds } from "./sink.ts";
export type { BatchSource, CapturingSource, PacketSource } from "./source.ts";
