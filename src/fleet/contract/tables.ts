/** The tables of a fleet directory. docs/fleet.md shows them, and schemas/fleet.tables.json has them for other programs. */
import { CONNECTIONS } from "./connections.ts";
import { EVENTS } from "./events.ts";
import { INCIDENTS } from "./incidents.ts";
import { PACKETS } from "./packets.ts";
import { SECONDS } from "./seconds.ts";
import type { Table, TableName } from "./table.ts";
import { TALKERS } from "./talkers.ts";

/** All tables, by their names. */
export const TABLES: Readonly<Record<TableName, Table>> = {
  seconds: SECONDS,
  talkers: TALKERS,
  connections: CONNECTIONS,
  incidents: INCIDENTS,
  events: EVENTS,
  packets: PACKETS,
};
