/** Whether a rule can hold at all, for the packets that a filter lets pass. */
import type { TrafficTotals } from "../../packets/traffic-counts.ts";
import { isPressure, isTraffic, type Subject, totalsNameOf } from "./subjects.ts";
import type { Trigger } from "./trigger.ts";

/** Packets that may come, and how they are counted. */
export interface CountedKind {
  /** Undefined for what is no IP, which has no addresses. */
  readonly ipVersion: 4 | 6 | undefined;
  readonly hasPorts: boolean;
  /** Beside packets and bytes. */
  readonly countsAs: readonly (keyof TrafficTotals)[];
}

/** Returns what of a rule no packet of the kinds is counted as: "udp", "dst-port"; undefined where it can hold. */
export function uncountable({ condition }: Trigger, kinds: readonly CountedKind[]): string | undefined {
  const subjects = condition.kind === "ratio" ? [condition.subject, condition.other] : [condition.subject];
  const missing = subjects.find((subject) => !isPressure(subject) && ofSubject(subject, kinds).length === 0);
  if (missing !== undefined) return missing;
  if (condition.kind !== "key") return undefined;
  const isOfPorts = condition.key === "dst-port" || condition.key === "dst+port";
  const hasKey = ({ hasPorts, ipVersion }: CountedKind) => (isOfPorts ? hasPorts : ipVersion !== undefined);
  return ofSubject(condition.subject, kinds).some(hasKey) ? undefined : condition.key;
}

function ofSubject(subject: Subject, kinds: readonly CountedKind[]): readonly CountedKind[] {
  if (!isTraffic(subject)) return kinds;
  const name = totalsNameOf(subject);
  if (name === "packets" || name === "bytes") return kinds;
  return kinds.filter(({ countsAs }) => countsAs.includes(name));
}
