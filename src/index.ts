/** ringcap as a library. */

export type { CountOptions } from "./capture/counts/count-options.ts";
export type { Action, CaptureOptions, HookChoice } from "./capture/options.ts";
export type {
  CloseReason,
  ConnectionEvent,
  ConnectionEventType,
  ProcessDetails,
} from "./connections/connection-event.ts";
export type { ConnectionCounters } from "./connections/counters.ts";
export { type HalfOpenPort, type HalfOpenView, halfOpen } from "./connections/half-open.ts";
export type { HalfOpenOptions } from "./connections/half-open-options.ts";
export type { ConnectionsOptions } from "./connections/options.ts";
export { type ConnectionsSession, connections } from "./connections/session.ts";
export { type Diagnosis, diagnose } from "./doctor/index.ts";
export { type ErrorCode, RingcapError } from "./errors.ts";
export type { FilterOptions } from "./filter/filter.ts";
export type { ListOption } from "./filter/lists.ts";
export { PrivilegePlan, type PrivilegeTelling } from "./host/privilege-plan.ts";
export type { Capability } from "./host/process-privileges.ts";
export { type CaptureSession, capture, type PcapngStreamOptions } from "./library/capture.ts";
export { type ReportOptions, report } from "./library/report.ts";
export type { ChecksumChoice } from "./outputs/index.ts";
export type { CaptureCounters, CapturedInterface, Direction } from "./packets/captured.ts";
export type { LinkType } from "./packets/link-types.ts";
export type { CapturedPacket, PacketBatch, PacketCursor, PacketProcess } from "./packets/packet-batch.ts";
export type {
  TrafficCounts,
  TrafficEntry,
  TrafficKey,
  TrafficTable,
  TrafficTotals,
  TrafficWindow,
} from "./packets/traffic-counts.ts";
export type { EngineChoice, ReplayHookChoice, ReplayOptions } from "./replay/options.ts";
export { type ReplayCounters, ReplaySession, replay } from "./replay/session.ts";
export type { Report } from "./report/index.ts";
export type { SendEngineChoice, SendOptions, SendReport, VariedField } from "./send/index.ts";
export { type SendSession, send } from "./send/index.ts";
