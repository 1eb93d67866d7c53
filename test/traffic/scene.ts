/** A piece of traffic, and what it is. */
import type { VerdictKind } from "../../src/report/verdict/verdict.ts";
import type { Dice } from "./dice.ts";
import type { TrafficPacket } from "./packet.ts";

export interface Label {
  readonly kind: VerdictKind;
  /** 32 bits; null where the target is a network or none. */
  readonly target: number | null;
  readonly port: number | null;
  /** The source port of a reflection. */
  readonly reflector: number | null;
  /** An address outside of the network in which incoming packets are captured: what goes to it is not seen. */
  readonly outside?: number;
  /** Seconds from the beginning of the scene. */
  readonly begins: number;
  readonly ends: number;
  /** Whether sources are made up; null where the packets cannot tell it. */
  readonly spoofed: boolean | null;
}

export interface Scene {
  readonly packets: TrafficPacket[];
  readonly label: Label;
}

/** Makes a scene of about so many packets. */
export type SceneMaker = (dice: Dice, packets: number) => Scene;

/** Makes ordinary traffic of about so many packets in so many seconds. */
export type OrdinaryMaker = (dice: Dice, packets: number, seconds: number) => TrafficPacket[];

export const ORDINARY: Label = {
  kind: "none",
  target: null,
  port: null,
  reflector: null,
  begins: 0,
  ends: 0,
  spoofed: null,
};
