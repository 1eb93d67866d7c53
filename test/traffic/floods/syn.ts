/** Floods of SYNs: by made-up sources, by machines of others, by one machine, over all ports, over a network. */
import type { Dice } from "../dice.ts";
import { host } from "../hosts.ts";
import { ACK, SYN, type TrafficPacket, tcp } from "../packet.ts";
import type { SceneMaker } from "../scene.ts";
import { flood, machines, type Senders, spoofed, type Target, target } from "./flood.ts";

/** SYNs, and the answers of a server that holds on. */
function syns(dice: Dice, senders: Senders, to: Target, toPort = () => to.port, address = () => to.address) {
  const profile = host(dice);
  const [window, options] = dice.chance(0.4)
    ? [dice.pick([512, 64, 1024, 65_535]), []]
    : [profile.window, profile.options];
  const isAnswered = dice.chance(0.4);
  const server = host(dice, to.address);
  return (at: number): TrafficPacket[] => {
    const source = senders.next();
    const up = { from: source, fromPort: dice.port(), to: address(), toPort: toPort() };
    const sequence = dice.bits();
    const syn = tcp(at, up, SYN, { sequence, window, options, ttl: senders.ttl(source), ipId: dice.bits(16) });
    if (!isAnswered) return [syn];
    const down = { from: up.to, fromPort: up.toPort, to: up.from, toPort: up.fromPort };
    const acknowledgement = (sequence + 1) >>> 0;
    return [
      syn,
      tcp(at + 0.0001, down, SYN | ACK, {
        sequence: dice.bits(),
        acknowledgement,
        ttl: server.ttl,
        window: 64_240,
        options: server.options,
      }),
    ];
  };
}

export const spoofedSyns: SceneMaker = (dice, packets) => {
  const [to, senders] = [target(dice), spoofed(dice)];
  return flood(dice, packets, { kind: "syn-flood", target: to, spoofed: true, each: syns(dice, senders, to) });
};

export const botnetSyns: SceneMaker = (dice, packets) => {
  const [to, senders] = [target(dice), machines(dice, 5, 2000)];
  return flood(dice, packets, { kind: "syn-flood", target: to, spoofed: null, each: syns(dice, senders, to) });
};

export const oneSourceSyns: SceneMaker = (dice, packets) => {
  const [to, senders] = [target(dice), machines(dice, 1, 1)];
  return flood(dice, packets, { kind: "syn-flood", target: to, spoofed: null, each: syns(dice, senders, to) });
};

export const allPortsSyns: SceneMaker = (dice, packets) => {
  const [to, senders] = [target(dice), spoofed(dice)];
  const each = syns(dice, senders, to, () => dice.whole(1, 65_535));
  return flood(dice, packets, { kind: "syn-flood", target: to, port: null, spoofed: true, each });
};

export const carpetSyns: SceneMaker = (dice, packets) => {
  const [to, senders] = [target(dice), spoofed(dice)];
  const each = syns(dice, senders, to, undefined, () => ((to.address & 0xffffff00) | dice.bits(8)) >>> 0);
  return flood(dice, packets, { kind: "syn-flood", target: to, isNetwork: true, spoofed: true, each });
};
