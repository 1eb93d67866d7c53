/** What the other parts use of the connections. */
export type { CloseReason, ConnectionEvent, ConnectionEventType, ProcessDetails } from "./connection-event.ts";
export type { ConnectionCounters } from "./counters.ts";
export { type HalfOpenPort, type HalfOpenView, halfOpen } from "./half-open.ts";
export { checkHalfOpenOptions, type HalfOpenOptions } from "./half-open-options.ts";
export { type ConnectionsOptions, checkConnectionsOptions } from "./options.ts";
export { type ConnectionsSession, connections } from "./session.ts";
export { ConnectionSummary, type SummaryGroup, type SummaryKind } from "./summary.ts";
