/** One trial of the labelled set: a scene by a seed, what a capture keeps of it, and whether the verdict is right. */
import type { Verdict } from "../../src/report/verdict/verdict.ts";
import { BEGINNING } from "./batches.ts";
import type { Degradation } from "./degrade.ts";
import { Dice } from "./dice.ts";
import { addressText } from "./frame.ts";
import { KINDS } from "./kinds.ts";
import type { TrafficPacket } from "./packet.ts";
import type { Label } from "./scene.ts";

export interface Trial {
  readonly kind: string;
  readonly label: Label;
  readonly packets: readonly TrafficPacket[];
  readonly degradation: Degradation;
  readonly isIpv6: boolean;
}

/** The most packets that are made for a trial, before a capture leaves some out. */
const MOST = 2_000_000;

/** @param size packets that the capture keeps, about */
export function trialOf(kind: string, seed: number, size: number, degradation: Degradation): Trial {
  const maker = KINDS[kind];
  if (maker === undefined) throw new Error(`there is no kind of traffic ${kind}`);
  const dice = new Dice(seed);
  const scene = maker(dice, Math.min(MOST, size * degradation.factor));
  scene.packets.sort((one, other) => one.at - other.at);
  const packets = degradation.apply(dice, scene);
  return { kind, label: scene.label, packets, degradation, isIpv6: dice.chance(0.3) };
}

/** What is wrong with a verdict on a trial, in words; nothing where it is right. */
export function faultsOf({ label, isIpv6 }: Trial, verdict: Verdict): string[] {
  if (verdict.kind !== label.kind) return [`kind ${verdict.kind} for ${label.kind}`];
  if (label.kind === "none") return [];
  const faults: string[] = [];
  const address = label.target === null ? null : addressText(label.target, isIpv6);
  if (address !== null && verdict.target?.address !== address) {
    faults.push(`target ${verdict.target?.address} for ${address}`);
  }
  if (label.target !== null && label.port !== null && verdict.target?.port !== label.port) {
    faults.push(`port ${verdict.target?.port} for ${label.port}`);
  }
  if (label.reflector !== null && verdict.reflector?.port !== label.reflector) {
    faults.push(`reflector ${verdict.reflector?.port} for ${label.reflector}`);
  }
  const { is } = verdict.spoofed;
  if (label.spoofed === true && (is === "no" || is === "unlikely")) faults.push(`spoofed ${is}`);
  if (label.spoofed === false && (is === "yes" || is === "likely")) faults.push(`spoofed ${is}`);
  return faults;
}

/** How far begin and end of a verdict are from the label, in shares of the length of the attack. */
export function timesOff({ label }: Trial, { begins, ends }: Verdict): { begin: number; end: number } {
  const length = label.ends - label.begins;
  const off = (time: string | null, right: number) =>
    time === null ? 1 : Math.abs(Date.parse(time) / 1000 - BEGINNING - right) / length;
  return { begin: off(begins, label.begins), end: off(ends, label.ends) };
}
