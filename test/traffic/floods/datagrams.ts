/** Floods of UDP, ICMP, fragments and tunnels. */
import { ECHO_REPLY, ECHO_REQUEST, ESP, GRE, icmp, type TrafficPacket, UDP, UNREACHABLE, udp } from "../packet.ts";
import type { SceneMaker } from "../scene.ts";
import { flood, machines, spoofed, target } from "./flood.ts";

export const spoofedUdp: SceneMaker = (dice, packets) => {
  const [to, from] = [target(dice), spoofed(dice)];
  const isAllPorts = dice.chance(0.6);
  const [least, most] = dice.pick([
    [0, 30],
    [512, 512],
    [1, 1400],
    [1400, 1472],
  ] as const);
  const isRefused = dice.chance(0.2);
  return flood(dice, packets, {
    kind: "udp-flood",
    target: to,
    port: isAllPorts ? null : to.port,
    spoofed: true,
    each: (at) => {
      const source = from.next();
      const port = isAllPorts ? dice.whole(1, 65_535) : to.port;
      const packet = udp(at, source, dice.port(), to.address, port, dice.whole(least, most), from.ttl(source));
      // RFC 1812 lets hosts limit the rate of such answers.
      return isRefused && dice.chance(0.1)
        ? [packet, icmp(at + 0.0001, to.address, source, UNREACHABLE, 28)]
        : [packet];
    },
  });
};

export const botnetUdp: SceneMaker = (dice, packets) => {
  const [to, from] = [target(dice), machines(dice, 30, 3000)];
  const isAllPorts = dice.chance(0.5);
  const [least, most] = dice.pick([
    [512, 512],
    [1, 1400],
    [1400, 1472],
  ] as const);
  const ownPorts = dice.chance(0.5);
  return flood(dice, packets, {
    kind: "udp-flood",
    target: to,
    port: isAllPorts ? null : to.port,
    spoofed: null,
    each: (at) => {
      const source = from.next();
      const port = isAllPorts ? dice.whole(1, 65_535) : to.port;
      const ownPort = ownPorts ? 1024 + (source % 60_000) : dice.port();
      return [udp(at, source, ownPort, to.address, port, dice.whole(least, most), from.ttl(source))];
    },
  });
};

/** One machine that fills the line, to ports by chance. */
export const oneSourceUdp: SceneMaker = (dice, packets) => {
  const [to, from] = [target(dice), machines(dice, 1, 3)];
  return flood(dice, packets, {
    kind: "udp-flood",
    target: to,
    port: null,
    spoofed: null,
    each: (at) => {
      const source = from.next();
      return [udp(at, source, dice.port(), to.address, dice.whole(1, 65_535), dice.whole(900, 1472), from.ttl(source))];
    },
  });
};

export const echoes: SceneMaker = (dice, packets) => {
  const to = target(dice);
  const from = dice.chance(0.5) ? spoofed(dice) : machines(dice, 1, 500);
  const payload = dice.pick([0, 56, 1024, 1400]);
  const isAnswered = dice.chance(0.3);
  return flood(dice, packets, {
    kind: "icmp-flood",
    target: to,
    port: null,
    spoofed: from.spoofed === true ? true : null,
    each: (at) => {
      const source = from.next();
      const request = icmp(at, source, to.address, ECHO_REQUEST, payload, from.ttl(source));
      return isAnswered ? [request, icmp(at + 0.0001, to.address, source, ECHO_REPLY, payload)] : [request];
    },
  });
};

/** Answers to pings that the target never sent (smurf). */
export const echoReplies: SceneMaker = (dice, packets) => {
  const [to, from] = [target(dice), machines(dice, 50, 2000)];
  return flood(dice, packets, {
    kind: "icmp-flood",
    target: to,
    port: null,
    spoofed: null,
    each: (at) => {
      const source = from.next();
      return [icmp(at, source, to.address, ECHO_REPLY, 56, from.ttl(source))];
    },
  });
};

export const fragments: SceneMaker = (dice, packets) => {
  const to = target(dice);
  const from = dice.chance(0.5) ? spoofed(dice) : machines(dice, 3, 500);
  const mode = dice.pick(["first", "later", "later", "any"] as const);
  return flood(dice, packets, {
    kind: "fragment-flood",
    target: to,
    port: null,
    spoofed: from.spoofed === true ? true : null,
    each: (at) => {
      const source = from.next();
      const offset = mode === "first" ? 0 : 8 * dice.whole(mode === "any" ? 0 : 1, 8000);
      const fragment = { offset, more: mode === "first" || dice.chance(0.9) };
      const ends = { from: source, to: to.address, fromPort: dice.port(), toPort: dice.port(), protocol: UDP };
      const packet: TrafficPacket = {
        at,
        ...ends,
        payload: 1480,
        ttl: from.ttl(source),
        ipId: dice.bits(16),
        fragment,
      };
      return [packet];
    },
  });
};

/** Packets of a protocol that has no ports. */
export const otherProtocols: SceneMaker = (dice, packets) => {
  const to = target(dice);
  const from = dice.chance(0.5) ? spoofed(dice) : machines(dice, 30, 1000);
  const protocol = dice.pick([GRE, ESP, 255, 4]);
  return flood(dice, packets, {
    kind: "other-flood",
    target: to,
    port: null,
    spoofed: from.spoofed === true ? true : null,
    each: (at) => {
      const source = from.next();
      const ends = { from: source, to: to.address, fromPort: 0, toPort: 0, protocol };
      return [{ at, ...ends, payload: dice.whole(40, 1400), ttl: from.ttl(source) }];
    },
  });
};
