/** What incident.json (schemas/incident.schema.json) says that the packets do not say. */
import type { VictimReport } from "../report.ts";
import type { RateMark } from "../values.ts";

export interface IncidentFacts {
  readonly name: string;
  /** The triggers and the end. */
  readonly marks: readonly RateMark[];
  readonly kernel: VictimReport["kernel"];
  /** SHA-256 of the capture files by their names, as they were at the end of the incident. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** The most marks and files that are taken. An incident has at most 100 rules with keys. */
const MOST = 200;
const LONGEST = 300;

/** @returns undefined for what is no such file. Everything else that is not as the schema has it is left out. */
export function incidentFacts(text: string): IncidentFacts | undefined {
  const incident = parse(text);
  if (textOf(incident, "kind") !== "ringcap-incident") return undefined;
  const triggers = listOf(incident, "triggers").flatMap((trigger) =>
    markOf("trigger", textOf(trigger, "first"), [textOf(trigger, "rule"), keyText(textOf(trigger, "key"))].join("")),
  );
  const why = textOf(incident, "why");
  const ended = markOf("ended", textOf(incident, "ended"), why === undefined ? "the incident ended" : why);
  return {
    name: textOf(incident, "name") ?? "",
    marks: [...triggers, ...ended],
    kernel: kernelOf(memberOf(incident, "listening")),
    hashes: new Map(
      listOf(incident, "files").flatMap((file) => {
        const [name, sha256] = [textOf(file, "name"), textOf(file, "sha256")];
        return name === undefined || sha256 === undefined ? [] : [[name, sha256] as const];
      }),
    ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keyText(key: string | undefined): string {
  return key === undefined ? "" : ` of ${key}`;
}

function markOf(kind: RateMark["kind"], time: string | undefined, text: string): RateMark[] {
  return time === undefined || Number.isNaN(Date.parse(time)) ? [] : [{ time, kind, text }];
}

function kernelOf(listening: unknown): IncidentFacts["kernel"] {
  const [listenOverflows, cookiesSent] = [countOf(listening, "overflows"), countOf(listening, "cookiesSent")];
  if (listenOverflows === null && cookiesSent === null) return null;
  return { listenOverflows, cookiesSent, halfOpen: null };
}

function memberOf(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, name)
    ? Reflect.get(object, name)
    : undefined;
}

function textOf(object: unknown, name: string): string | undefined {
  const value = memberOf(object, name);
  return typeof value === "string" ? value.slice(0, LONGEST) : undefined;
}

function listOf(object: unknown, name: string): readonly unknown[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

function countOf(object: unknown, name: string): number | null {
  const value = memberOf(object, name);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
