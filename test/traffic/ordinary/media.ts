/** Video, calls and games over UDP: much traffic in few flows, some of it one way. */
import { host, hosts } from "../hosts.ts";
import { type TrafficPacket, udp } from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";

/** Streams by QUIC from few or many servers to one or many viewers. */
export const quic: OrdinaryMaker = (dice, packets, seconds) => {
  const servers = hosts(dice, dice.whole(1, 6));
  const viewers = hosts(dice, dice.whole(1, 60)).map((viewer) => ({
    viewer,
    server: dice.pick(servers),
    port: dice.port(),
    each: dice.whole(2, 20),
  }));
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const { viewer, server, port, each } = dice.pick(viewers);
    const at = dice.between(0, seconds);
    for (let index = 0; index < each; index++) {
      all.push(udp(at + index * 0.0001, server.address, 443, viewer.address, port, 1252, server.ttl));
    }
    all.push(udp(at + 0.02, viewer.address, port, server.address, 443, dice.whole(25, 60), viewer.ttl));
  }
  return all;
};

/** Calls and television: RTP, which may go one way. */
export const rtp: OrdinaryMaker = (dice, packets, seconds) => {
  const calls = Array.from({ length: dice.whole(1, 20) }, () => ({
    one: host(dice),
    other: host(dice),
    port: 2 * dice.whole(5000, 30_000),
  }));
  const isBothWays = dice.chance(0.5);
  const payload = isBothWays ? 172 : 1328;
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const { one, other, port } = dice.pick(calls);
    const at = dice.between(0, seconds);
    all.push(udp(at, one.address, port, other.address, port + 2, payload, one.ttl));
    if (isBothWays) all.push(udp(at + 0.01, other.address, port + 2, one.address, port, payload, other.ttl));
  }
  return all;
};

/** A server of a game, or a relay of calls (TURN): many players, both ways. */
export const game: OrdinaryMaker = (dice, packets, seconds) => {
  const server = host(dice);
  const serverPort = dice.pick([27_015, 3478, 30_120, 3074, 5060, 1701]);
  const players = hosts(dice, dice.whole(5, 300)).map((player) => ({ player, port: dice.port() }));
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const { player, port } = dice.pick(players);
    const at = dice.between(0, seconds);
    all.push(udp(at, player.address, port, server.address, serverPort, dice.whole(30, 120), player.ttl));
    if (dice.chance(0.9)) {
      all.push(udp(at + 0.01, server.address, serverPort, player.address, port, dice.whole(60, 600)));
    }
  }
  return all;
};
