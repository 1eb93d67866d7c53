/** A rule of `--trigger` as a tree. docs/watch.md has the grammar. */
import type { TrafficKey } from "../../packets/traffic-counts.ts";
import { isPressure, type KeySubject, type Subject, type TrafficSubject } from "./subjects.ts";

/** More than so many packets, bytes or events a second. */
export interface RateCondition {
  readonly kind: "rate";
  readonly subject: Subject;
  readonly perSecond: number;
}

/** As a rate, of the heaviest key. */
export interface KeyCondition {
  readonly kind: "key";
  readonly subject: KeySubject;
  readonly perSecond: number;
  readonly key: TrafficKey;
}

/** More than a multiple of the usual rate, and more than a floor. */
export interface UsualCondition {
  readonly kind: "usual";
  readonly subject: TrafficSubject;
  readonly times: number;
  /** Packets or bytes a second. */
  readonly floor: number;
}

/** More of one kind of packets than so many times another one, and more than a floor of that kind. */
export interface RatioCondition {
  readonly kind: "ratio";
  readonly subject: TrafficSubject;
  readonly other: TrafficSubject;
  readonly ratio: number;
  /** Packets a second. */
  readonly floor: number;
}

export type Condition = RateCondition | KeyCondition | UsualCondition | RatioCondition;

export interface Trigger {
  /** As the user wrote it. */
  readonly text: string;
  readonly condition: Condition;
  /** Seconds for which the condition must have held. */
  readonly forSeconds: number;
}

/** What a capture must have so that rules can be asked. */
export interface TriggerNeeds {
  /** The tables by which packets are counted. */
  readonly keys: readonly TrafficKey[];
  /** Packets of both directions: the ratio of SYNs and their answers compares the two. */
  readonly bothDirections: boolean;
  /** The counters of listening sockets. */
  readonly pressure: boolean;
}

export function needsOf(triggers: readonly Trigger[]): TriggerNeeds {
  const conditions = triggers.map(({ condition }) => condition);
  return {
    keys: [...new Set(conditions.flatMap((condition) => (condition.kind === "key" ? [condition.key] : [])))],
    bothDirections: conditions.some(
      (condition) => condition.kind === "ratio" && [condition.subject, condition.other].includes("synack"),
    ),
    pressure: conditions.some(({ subject }) => isPressure(subject)),
  };
}

/**
 * Returns what rules need and a running capture does not have, in words; undefined where it has all. Tables and
 * directions are part of the programs in the kernel, which a change of the rules leaves as they are.
 */
export function unmetNeed(wanted: TriggerNeeds, present: TriggerNeeds): string | undefined {
  const key = wanted.keys.find((key) => !present.keys.includes(key));
  if (key !== undefined) return `a table of packets per ${key}`;
  if (wanted.bothDirections && !present.bothDirections) return "packets of both directions";
  return undefined;
}
