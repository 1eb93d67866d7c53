/** DNS and NTP: many questions and answers. */
import { host, hosts, often } from "../hosts.ts";
import { type TrafficPacket, udp } from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";

/** A resolver asks servers in the whole internet for its clients. */
export const resolver: OrdinaryMaker = (dice, packets, seconds) => {
  const own = host(dice);
  const clients = hosts(dice, dice.whole(1, 200));
  const servers = hosts(dice, dice.whole(20, 3000));
  const isBehindIt = dice.chance(0.5);
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const client = often(dice, clients);
    const clientPort = dice.port();
    const answer = Math.round(dice.scale(60, dice.chance(0.05) ? 1400 : 350));
    if (isBehindIt) all.push(udp(at, client.address, clientPort, own.address, 53, dice.whole(28, 70), client.ttl));
    if (dice.chance(0.4) || !isBehindIt) {
      const server = often(dice, servers);
      const port = dice.port();
      all.push(udp(at + 0.001, own.address, port, server.address, 53, dice.whole(28, 70)));
      all.push(udp(at + 0.03, server.address, 53, own.address, port, answer, server.ttl));
    }
    if (isBehindIt) all.push(udp(at + 0.04, own.address, 53, client.address, clientPort, answer));
  }
  return all;
};

/** A server that answers whoever asks: DNS with authority, or time. */
export const questionServer: OrdinaryMaker = (dice, packets, seconds) => {
  const server = host(dice);
  const port = dice.pick([53, 123]);
  const clients = hosts(dice, dice.whole(50, 5000));
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const client = often(dice, clients);
    const clientPort = port === 123 && dice.chance(0.5) ? 123 : dice.port();
    const size = port === 123 ? 48 : dice.whole(28, 70);
    all.push(udp(at, client.address, clientPort, server.address, port, size, client.ttl));
    const answer = port === 123 ? 48 : Math.round(dice.scale(60, 500));
    all.push(udp(at + 0.001, server.address, port, client.address, clientPort, answer));
  }
  return all;
};
