/** One address that talks with many: the NAT of an office, a crawler, a client of BitTorrent, FTP. */
import type { Dice } from "../dice.ts";
import { type Host, host, hosts, often } from "../hosts.ts";
import { type TrafficPacket, udp } from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";
import { refused, session, unanswered } from "../session.ts";

function connection(dice: Dice, at: number, client: Host, server: Host, serverPort: number): TrafficPacket[] {
  return session(dice, {
    at,
    client,
    clientPort: dice.port(),
    server,
    serverPort,
    roundTrip: dice.scale(0.005, 0.2),
    request: Math.round(dice.scale(200, 3000)),
    response: Math.round(dice.exponential(15_000)),
    acknowledgeEvery: 2,
    end: dice.pick(["fin", "fin", "rst"] as const),
  });
}

export const nat: OrdinaryMaker = (dice, packets, seconds) => {
  const gateway = host(dice);
  const servers = hosts(dice, dice.whole(30, 1500));
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const server = often(dice, servers);
    const client = { ...host(dice), address: gateway.address };
    const port = dice.port();
    const kind = dice.next();
    if (kind < 0.55) all.push(...connection(dice, at, client, server, dice.pick([443, 443, 443, 80, 993])));
    else if (kind < 0.6) all.push(...unanswered(dice, at, client, server.address, 443));
    else if (kind < 0.75) {
      all.push(udp(at, client.address, port, server.address, 53, 40));
      all.push(udp(at + 0.01, server.address, 53, client.address, port, dice.whole(60, 400), server.ttl));
    } else {
      for (let index = 0; index < dice.whole(4, 60); index++) {
        all.push(udp(at + index * 0.001, server.address, 443, client.address, port, 1252, server.ttl));
        if (index % 4 === 0) all.push(udp(at + index * 0.001, client.address, port, server.address, 443, 40));
      }
    }
  }
  return all;
};

/** A crawler connects to very many servers, and fetches from nearly all of them. */
export const crawler: OrdinaryMaker = (dice, packets, seconds) => {
  const own = host(dice);
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const server = host(dice);
    if (dice.chance(0.05)) all.push(...unanswered(dice, at, own, server.address, 443));
    else all.push(...connection(dice, at, own, server, dice.pick([80, 443, 443])));
  }
  return all;
};

/** Many peers at ports of their choice, of which a third is not there any more. */
export const bitTorrent: OrdinaryMaker = (dice, packets, seconds) => {
  const own = host(dice);
  const ownPort = dice.port();
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const peer = host(dice);
    const port = dice.port();
    const kind = dice.next();
    if (kind < 0.2) all.push(...unanswered(dice, at, own, peer.address, port));
    else if (kind < 0.36) all.push(...refused(dice, at, own, peer, port));
    else if (kind < 0.7) all.push(...connection(dice, at, own, peer, port));
    else {
      for (let index = 0; index < dice.whole(2, 40); index++) {
        all.push(udp(at + index * 0.01, peer.address, port, own.address, ownPort, 1400, peer.ttl));
        all.push(udp(at + index * 0.01 + 0.002, own.address, ownPort, peer.address, port, 26));
      }
    }
  }
  return all;
};

/** FTP in passive mode: one server, and another port for every file. */
export const ftp: OrdinaryMaker = (dice, packets, seconds) => {
  const [client, server] = [host(dice), host(dice)];
  const all: TrafficPacket[] = [];
  while (all.length < packets) all.push(...connection(dice, dice.between(0, seconds), client, server, dice.port()));
  return all;
};
