/** What `ringcap watch` and `ringcap top` are made of. */
export { type ListenPressure, readListenPressure } from "../host/listen-pressure.ts";
export { Baseline, type BaselineOptions } from "./baseline/baseline.ts";
export { BaselineFile } from "./baseline/baseline-file.ts";
export type { BaselineState } from "./baseline/baseline-state.ts";
export { type IncidentMoment, IncidentProgram, type IncidentProgramTimes } from "./incident-program.ts";
export { type ListenAddress, parseListenAddress } from "./metrics/listen-address.ts";
export { MetricsServer } from "./metrics/metrics-server.ts";
export { watchMetricsText } from "./metrics/watch-metrics.ts";
export type { HistoryState, IncidentState, WatchedInterface, WatchState } from "./metrics/watch-state.ts";
export type { Firing, Observation } from "./observation.ts";
export { parseTrigger } from "./triggers/parse-trigger.ts";
export { needsOf, type Trigger, type TriggerNeeds, unmetNeed } from "./triggers/trigger.ts";
export { TriggerSet, type UsualRates } from "./triggers/trigger-set.ts";
