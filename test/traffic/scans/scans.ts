/** Scans of one machine's ports, and of one port or of pings over a network. */
import type { Dice } from "../dice.ts";
import { host, hosts } from "../hosts.ts";
import { site, visits } from "../ordinary/web.ts";
import {
  ACK,
  ECHO_REPLY,
  ECHO_REQUEST,
  FIN,
  icmp,
  PSH,
  RST,
  SYN,
  type TrafficPacket,
  tcp,
  UNREACHABLE,
  URG,
  udp,
} from "../packet.ts";
import type { Label, Scene, SceneMaker } from "../scene.ts";

interface Plan {
  readonly kind: Label["kind"];
  readonly target: number | null;
  readonly port: number | null;
  /** The one who scans a network. */
  readonly outside?: number;
  readonly each: (index: number, at: number) => readonly TrafficPacket[];
}

/** A scan of a few probes up to thousands a second, with ordinary traffic beside it. */
function scan(dice: Dice, packets: number, plan: Plan): Scene {
  const quiet = dice.chance(0.3) ? 0 : dice.between(0.1, 0.6);
  const rate = dice.scale(20, 5000);
  const all: TrafficPacket[] = [];
  const begins = dice.between(0, 5);
  let at = begins;
  for (let index = 0; all.length < packets * (1 - quiet); index++) {
    for (const packet of plan.each(index, at)) all.push(packet);
    at += dice.exponential(1 / rate);
  }
  const whole = at + dice.between(0, 5);
  if (quiet > 0)
    for (const packet of visits(dice, site(dice), packets * quiet, () => dice.between(0, whole))) all.push(packet);
  const { kind, target, port, outside } = plan;
  const more = outside === undefined ? {} : { outside };
  return { packets: all, label: { kind, target, port, ...more, reflector: null, begins, ends: at, spoofed: false } };
}

/** A probe and what comes back: mostly a reset, seldom a SYN-ACK that is reset in turn, or nothing. */
function probe(dice: Dice, from: ReturnType<typeof host>, openShare: number, silentShare: number, flags = SYN) {
  const [window, options] = dice.chance(0.5) ? [1024, [2, 4, 5, 180]] : [from.window, from.options];
  return (at: number, to: number, toPort: number): TrafficPacket[] => {
    const up = { from: from.address, fromPort: dice.port(), to, toPort };
    const down = { from: to, fromPort: toPort, to: from.address, toPort: up.fromPort };
    const first = tcp(at, up, flags, {
      sequence: dice.bits(),
      window,
      options: flags === SYN ? options : [],
      ttl: from.ttl,
    });
    if (dice.chance(silentShare)) return [first];
    if (flags === SYN && dice.chance(openShare)) {
      return [
        first,
        tcp(at + 0.01, down, SYN | ACK, { window: 64_240 }),
        tcp(at + 0.02, up, RST, { window: 0, ttl: from.ttl }),
      ];
    }
    return [first, tcp(at + 0.01, down, RST | ACK, { window: 0 })];
  };
}

export const ports: SceneMaker = (dice, packets) => {
  const target = dice.address();
  const send = probe(
    dice,
    host(dice),
    0.01,
    dice.pick([0, 0.02, 0.9, 1]),
    dice.pick([SYN, SYN, SYN, FIN, FIN | PSH | URG, 0]),
  );
  const step = dice.pick([1, 7919]);
  const first = dice.whole(1, 1000);
  const each: Plan["each"] = (index, at) => send(at, target, 1 + ((first + index * step) % 65_535));
  return scan(dice, Math.min(packets, 100_000), { kind: "port-scan", target, port: null, each });
};

export const udpPorts: SceneMaker = (dice, packets) => {
  const [target, from] = [dice.address(), host(dice)];
  const fromPort = dice.port();
  const each: Plan["each"] = (index, at) => {
    const question = udp(
      at,
      from.address,
      fromPort,
      target,
      1 + ((index * 7919) % 65_535),
      dice.pick([0, 0, 12, 40]),
      from.ttl,
    );
    return dice.chance(0.3) ? [question, icmp(at + 0.01, target, from.address, UNREACHABLE, 28)] : [question];
  };
  // More ports than there are would be a flood.
  return scan(dice, Math.min(packets, 60_000), { kind: "port-scan", target, port: null, each });
};

export const machinesOfNetwork: SceneMaker = (dice, packets) => {
  const port = dice.pick([22, 23, 445, 3389, 80, 443, 6379]);
  const network = dice.address() & 0xffff0000;
  const from = host(dice);
  const send = probe(dice, from, 0.03, dice.pick([0.5, 0.9, 1]));
  const isRandom = dice.chance(0.5);
  const each: Plan["each"] = (index, at) =>
    send(at, isRandom ? dice.address() : (network + ((index * 3) % 65_536)) >>> 0, port);
  return scan(dice, packets, { kind: "host-scan", target: null, port, outside: from.address, each });
};

export const pingSweep: SceneMaker = (dice, packets) => {
  const from = host(dice);
  const network = dice.address() & 0xffff0000;
  const each: Plan["each"] = (index, at) => {
    const to = (network + (index % 65_536)) >>> 0;
    const request = icmp(at, from.address, to, ECHO_REQUEST, dice.pick([0, 8, 56]), from.ttl);
    return dice.chance(0.2) ? [request, icmp(at + 0.02, to, from.address, ECHO_REPLY, 8)] : [request];
  };
  return scan(dice, packets, { kind: "host-scan", target: null, port: null, outside: from.address, each });
};

/** Several machines share the ports of one target among them. */
export const sharedPorts: SceneMaker = (dice, packets) => {
  const target = dice.address();
  const probes = hosts(dice, dice.whole(2, 4)).map((from) => probe(dice, from, 0.01, 0.1));
  const each: Plan["each"] = (index, at) => dice.pick(probes)(at, target, 1 + ((index * 7919) % 65_535));
  return scan(dice, Math.min(packets, 100_000), { kind: "port-scan", target, port: null, each });
};
