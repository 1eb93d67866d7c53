/** Floods of TCP packets of no connection. */
import type { Dice } from "../dice.ts";
import { ACK, FIN, PSH, RST, SYN, type TrafficPacket, tcp, URG } from "../packet.ts";
import type { Label, SceneMaker } from "../scene.ts";
import { flood, machines, type Senders, spoofed, target } from "./flood.ts";

function senders(dice: Dice): Senders {
  return dice.chance(0.6) ? spoofed(dice) : machines(dice, 3, 1000);
}

function made(dice: Dice, packets: number, kind: Label["kind"], flags: readonly number[], payload = () => 0) {
  const [to, from] = [target(dice), senders(dice)];
  const isRefused = kind === "ack-flood" && dice.chance(0.4);
  // A few machines that try port after port are a scan.
  const isAllPorts = from.count > 20 && dice.chance(0.2);
  const own = dice.pick(flags);
  return flood(dice, packets, {
    kind,
    target: to,
    port: isAllPorts ? null : to.port,
    spoofed: from.spoofed === true ? true : null,
    each: (at) => {
      const source = from.next();
      const ends = { from: source, fromPort: dice.port(), to: to.address, toPort: isAllPorts ? dice.port() : to.port };
      const sequence = dice.bits();
      const acknowledgement = (own & ACK) === 0 ? 0 : dice.bits();
      const more = { sequence, acknowledgement, ttl: from.ttl(source), payload: payload(), ipId: dice.bits(16) };
      const all: TrafficPacket[] = [tcp(at, ends, own, more)];
      const back = { from: to.address, fromPort: ends.toPort, to: source, toPort: ends.fromPort };
      if (isRefused) all.push(tcp(at + 0.0001, back, RST, { sequence: acknowledgement, window: 0 }));
      return all;
    },
  });
}

export const acks: SceneMaker = (dice, packets) => made(dice, packets, "ack-flood", [ACK]);

export const pushes: SceneMaker = (dice, packets) => {
  const [least, most] = dice.pick([
    [1, 1],
    [100, 1400],
    [512, 512],
  ] as const);
  return made(dice, packets, "ack-flood", [ACK | PSH], () => dice.whole(least, most));
};

export const fins: SceneMaker = (dice, packets) => made(dice, packets, "fin-flood", [FIN, FIN | ACK]);

export const resets: SceneMaker = (dice, packets) => made(dice, packets, "rst-flood", [RST, RST | ACK]);

export const oddFlags: SceneMaker = (dice, packets) =>
  made(dice, packets, "tcp-flag-flood", [0, FIN | PSH | URG, SYN | FIN, URG, SYN | RST, 0x3f]);
