/** What a watch tells while it runs: lines for people, and JSON for programs. */
import type { IncidentReport } from "./incident-report.ts";
import type { Firing } from "./observation.ts";

export type WatchEvent =
  | { readonly event: "started"; readonly interfaces: readonly string[]; readonly directory: string }
  | {
      readonly event: "incident-began";
      readonly incident: string;
      readonly directory: string;
      readonly triggers: readonly Firing[];
      readonly report: IncidentReport;
    }
  | { readonly event: "trigger"; readonly incident: string; readonly triggers: readonly Firing[] }
  | { readonly event: "sampling"; readonly incident: string; readonly oneIn: number }
  | {
      readonly event: "incident-ended";
      readonly incident: string;
      readonly directory: string;
      readonly report: IncidentReport;
    }
  /** Something of it could not be written. `directory` is where the rest of it is; undefined where nothing was begun, or it was moved away. */
  | {
      readonly event: "incident-failed";
      readonly incident: string;
      readonly directory?: string | undefined;
      readonly reason: string;
      readonly hint?: string | undefined;
      /** Of an incident that did not even begin: the rules that fired. */
      readonly triggers?: readonly Firing[] | undefined;
      readonly report?: IncidentReport | undefined;
    }
  | { readonly event: "incident-removed"; readonly incident: string }
  /** A directory of a watch that did not end in order. */
  | { readonly event: "incident-left"; readonly directory: string }
  | { readonly event: "history-short"; readonly seconds: number; readonly packets: number }
  | { readonly event: "interface-gone" | "interface-back"; readonly interface: string }
  /** `near` is an interface that is there, and that may be meant. */
  | { readonly event: "interface-awaited"; readonly interface: string; readonly near?: string | undefined };

export type TellEvent = (event: WatchEvent) => void;
