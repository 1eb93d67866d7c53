/** What the other parts use of the connections. */
export type { CloseReason, ConnectionEvent, ConnectionEventType, ProcessDetails } from "./connection-event.ts";
export type { ConnectionsOptions } from "./options.ts";
export { type ConnectionCounters, type ConnectionsSession, connections } from "./session.ts";
