/** What victims of spoofed floods send to those whose addresses were used. */
import { host, hosts } from "../hosts.ts";
import { ACK, icmp, RST, SYN, TIME_EXCEEDED, tcp, UNREACHABLE } from "../packet.ts";
import type { SceneMaker } from "../scene.ts";
import { flood, target } from "./flood.ts";

/** From the victim to addresses of a network in which nobody asked for it, or of the whole internet. */
function seen(dice: Parameters<SceneMaker>[0]): () => number {
  const network = dice.address() & 0xffff0000;
  const size = dice.pick([10, 14, 16, 32]);
  return size === 32 ? () => dice.bits() : () => (network | dice.bits(size)) >>> 0;
}

export const synAckBackscatter: SceneMaker = (dice, packets) => {
  const [to, next] = [target(dice), seen(dice)];
  const { options, ttl } = host(dice, to.address);
  return flood(dice, packets, {
    kind: "syn-ack-backscatter",
    target: to,
    spoofed: null,
    isSender: true,
    each: (at) => {
      const ends = { from: to.address, fromPort: to.port, to: next(), toPort: dice.port() };
      const [sequence, acknowledgement] = [dice.bits(), dice.bits()];
      return [tcp(at, ends, SYN | ACK, { sequence, acknowledgement, options, ttl, window: 65_160 })];
    },
  });
};

export const resetBackscatter: SceneMaker = (dice, packets) => {
  const [to, next] = [target(dice), seen(dice)];
  return flood(dice, packets, {
    kind: "rst-backscatter",
    target: to,
    spoofed: null,
    isSender: true,
    each: (at) => {
      const ends = { from: to.address, fromPort: to.port, to: next(), toPort: dice.port() };
      return [tcp(at, ends, RST | ACK, { acknowledgement: dice.bits(), window: 0 })];
    },
  });
};

export const icmpBackscatter: SceneMaker = (dice, packets) => {
  const [to, next] = [target(dice), seen(dice)];
  const type = dice.pick([UNREACHABLE, UNREACHABLE, TIME_EXCEEDED]);
  return flood(dice, packets, {
    kind: "icmp-backscatter",
    target: to,
    port: null,
    spoofed: null,
    isSender: true,
    each: (at) => [icmp(at, to.address, next(), type, 28)],
  });
};

/** SYN-ACKs of many servers, which were sent SYNs from the address of the target. */
export const reflectedSynAcks: SceneMaker = (dice, packets) => {
  const to = target(dice);
  const servers = hosts(dice, Math.round(dice.scale(50, 5000)));
  const isOnePort = dice.chance(0.5);
  const ports = dice.pick([[80], [443], [80, 443, 22]]);
  return flood(dice, packets, {
    kind: "syn-ack-backscatter",
    target: to,
    port: null,
    spoofed: null,
    each: (at) => {
      const { address, ttl, options, window } = dice.pick(servers);
      const ends = {
        from: address,
        fromPort: dice.pick(ports),
        to: to.address,
        toPort: isOnePort ? to.port : dice.port(),
      };
      return [tcp(at, ends, SYN | ACK, { sequence: dice.bits(), acknowledgement: dice.bits(), ttl, options, window })];
    },
  });
};
