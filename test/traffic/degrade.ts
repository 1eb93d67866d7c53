/** What a capture does to traffic: it loses, samples, sees one direction, or keeps SYNs alone. */
import type { Dice } from "./dice.ts";
import { ACK, SYN, type TrafficPacket } from "./packet.ts";
import type { Scene } from "./scene.ts";

export interface Degradation {
  readonly name: string;
  /** Packets that there are for each that is kept. */
  readonly factor: number;
  /** Whether the capture says how many packets it left out. */
  readonly isTold: boolean;
  /** What the capture says of its filter. */
  readonly filter: string | null;
  apply(dice: Dice, scene: Scene): readonly TrafficPacket[];
}

export const WHOLE: Degradation = {
  name: "whole",
  factor: 1,
  isTold: false,
  filter: null,
  apply: (_, { packets }) => packets,
};

/** Half of the packets are lost, one by one or in runs as a full ring loses them. */
const HALF: Degradation = {
  ...WHOLE,
  name: "half lost",
  factor: 2,
  apply: (dice, { packets }) => {
    const mean = dice.pick([1, 20, 200]);
    let isLost = false;
    let left = 0;
    return packets.filter(() => {
      if (left-- <= 0) {
        isLost = dice.chance(0.5);
        left = mean === 1 ? 0 : Math.round(dice.exponential(mean));
      }
      return !isLost;
    });
  },
};

const SAMPLED: Degradation = {
  ...WHOLE,
  name: "1 in 64",
  factor: 64,
  isTold: true,
  apply: (dice, { packets }) => packets.filter(() => dice.chance(1 / 64)),
};

/** XDP sees only what comes in: what the target receives, or a machine of the traffic that receives most. */
const ONE_WAY: Degradation = {
  ...WHOLE,
  name: "incoming only",
  apply: (_, { packets, label }) => {
    const { outside } = label;
    if (outside !== undefined) return packets.filter(({ to }) => to !== outside);
    const local = label.target ?? busiest(packets);
    return packets.filter(({ from }) => from !== local);
  },
};

function busiest(packets: readonly TrafficPacket[]): number {
  const counts = new Map<number, number>();
  for (const { to } of packets) counts.set(to, (counts.get(to) ?? 0) + 1);
  const [first] = [...counts].sort(([, one], [, other]) => other - one);
  return first?.[0] ?? 0;
}

export const SYNS_ALONE: Degradation = {
  ...WHOLE,
  name: "SYNs alone",
  filter: "--flags syn,!ack",
  apply: (_, { packets }) => packets.filter(({ flags = 0 }) => (flags & (SYN | ACK)) === SYN),
};

/** Those that every kind of traffic goes through. */
export const DEGRADATIONS: readonly Degradation[] = [WHOLE, HALF, SAMPLED, ONE_WAY];
