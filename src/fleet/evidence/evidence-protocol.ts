/**
 * What a watch and the process that uploads its incidents say to each other, as lines of JSON. The process reads the settings from its
 * standard input, then one directory after the other, and ends when that has ended and all of them are done.
 */
import type { NatsAccess } from "../nats/access-types.ts";

export interface EvidenceSettings {
  readonly access: NatsAccess;
  readonly host: string;
  /** Bytes a second. */
  readonly rate: number;
}

export type EvidenceReport =
  | {
      readonly say: "uploaded";
      readonly directory: string;
      readonly bytes: number;
      readonly leftOut: readonly string[];
    }
  /** It is not tried again. */
  | { readonly say: "left"; readonly directory: string; readonly reason: string }
  /** What keeps it from going on, which is tried again. */
  | { readonly say: "trouble" | "note"; readonly message: string };

/** What another program prints on the way, such as a warning of Node.js, says nothing. */
export function parseEvidenceReport(line: string): EvidenceReport | undefined {
  try {
    return JSON.parse(line) as EvidenceReport;
  } catch {
    return undefined;
  }
}
