/** The names of incidents: the time in UTC, so that they sort by it, and what began them. */
import type { Firing } from "./observation.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const LENGTH_MAX = 40;
/** Characters of "20261128T044309". */
const TO_SECONDS = 15;

/** @param time nanoseconds since the epoch @returns a name such as 20261128T044309Z-5000-s-per-dst */
export function incidentName(time: bigint, [first]: readonly Firing[]): string {
  const stamp = new Date(Number(time / NANOSECONDS_PER_MILLISECOND)).toISOString().replaceAll(/[-:]/g, "");
  const rule = (first?.rule ?? "").replaceAll(/[^a-z0-9]+/gi, "-").slice(0, LENGTH_MAX);
  return `${stamp.slice(0, TO_SECONDS)}Z-${rule.replaceAll(/^-+|-+$/g, "")}`;
}

/** Whether a name is one of an incident, or with `.partial` behind it. */
export const INCIDENT_NAME = /^\d{8}T\d{6}Z-[a-zA-Z0-9-]*$/;
