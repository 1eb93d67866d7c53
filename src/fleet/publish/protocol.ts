/**
 * What a watch and the process that publishes its events say to each other, as lines of JSON. The process reads the settings from its
 * standard input, then one event after the other, and ends when that ends.
 */
import type { NatsAccess } from "../nats/access-types.ts";

export interface ShipSettings {
  readonly access: NatsAccess;
  /** The template of the subjects. */
  readonly subject: string;
  /** The directory of the spool, and the most bytes of it. */
  readonly spool: string;
  readonly size: number;
  /** The watch, as its events have it. */
  readonly watch: string;
}

/** What does not work, and what helps. */
export interface Trouble {
  readonly about: "server" | "spool";
  readonly message: string;
  readonly hint: string;
}

export interface ShipCounts {
  /** Events that the server has, since the process began. */
  readonly published: number;
  /** Events that wait, and their bytes. */
  readonly events: number;
  readonly bytes: number;
  /** Events that had no room, since the process began. */
  readonly dropped: number;
}

export type ShipReport =
  /** The events of the watch up to this number need not be kept elsewhere. */
  | ({ readonly say: "counts"; readonly kept: number } & ShipCounts)
  | ({ readonly say: "trouble" } & Trouble)
  /** What was told as trouble is over. */
  | { readonly say: "over"; readonly about: Trouble["about"] };

/** @throws SyntaxError for what is no JSON, which a report always is */
export function parseReport(line: string): ShipReport {
  return JSON.parse(line) as ShipReport;
}
