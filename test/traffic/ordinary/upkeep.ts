/** What runs machines: checks whether they live, pings, logs, files over the network, tunnels. */
import { host, hosts } from "../hosts.ts";
import {
  ECHO_REPLY,
  ECHO_REQUEST,
  ESP,
  GRE,
  icmp,
  TIME_EXCEEDED,
  type TrafficPacket,
  UDP,
  UNREACHABLE,
  udp,
} from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";
import { refused, session } from "../session.ts";

/** A balancer that connects to its servers and asks nothing, or a small thing. */
export const healthChecks: OrdinaryMaker = (dice, packets, seconds) => {
  const checkers = hosts(dice, dice.whole(1, 6));
  const servers = hosts(dice, dice.whole(1, 40));
  const serverPort = dice.pick([80, 443, 8080, 3306]);
  const asks = dice.chance(0.5);
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const [client, server] = [dice.pick(checkers), dice.pick(servers)];
    const at = dice.between(0, seconds);
    if (dice.chance(0.02)) all.push(...refused(dice, at, client, server, serverPort));
    const sizes = asks
      ? { request: 80, response: 150, end: "fin" as const }
      : { request: 0, response: 0, end: "rst" as const };
    const ends = { client, server, serverPort, clientPort: dice.port(), roundTrip: 0.001 };
    all.push(...session(dice, { at, ...ends, ...sizes, acknowledgeEvery: 1 }));
  }
  return all;
};

/** Machines that are pinged once or a few times a second, and routes that are traced. */
export const pings: OrdinaryMaker = (dice, packets, _seconds) => {
  const monitors = hosts(dice, dice.whole(1, 5));
  const targets = hosts(dice, dice.whole(1, 15));
  const rate = dice.scale(1, 5);
  const all: TrafficPacket[] = [];
  for (let time = 0; all.length < packets; time += 1 / rate) {
    for (const monitor of monitors) {
      for (const target of targets) {
        const at = time + dice.between(0, 0.2);
        all.push(icmp(at, monitor.address, target.address, ECHO_REQUEST, 56, monitor.ttl));
        if (dice.chance(0.98)) all.push(icmp(at + 0.02, target.address, monitor.address, ECHO_REPLY, 56, target.ttl));
        if (dice.chance(0.02))
          all.push(icmp(at + 0.03, target.address, monitor.address, TIME_EXCEEDED, 36, target.ttl));
        if (dice.chance(0.02)) all.push(icmp(at + 0.04, target.address, monitor.address, UNREACHABLE, 36, target.ttl));
      }
    }
  }
  return all;
};

/** Logs, flows and metrics that machines send to a collector, which says nothing. */
export const logs: OrdinaryMaker = (dice, packets, seconds) => {
  const collector = host(dice);
  const port = dice.pick([514, 2055, 6343, 8125, 4739]);
  const senders = hosts(dice, dice.whole(3, 120)).map((sender) => ({
    sender,
    own: dice.chance(0.9) ? dice.port() : 514,
  }));
  return Array.from({ length: packets }, () => {
    const { sender, own } = dice.pick(senders);
    return udp(
      dice.between(0, seconds),
      sender.address,
      own,
      collector.address,
      port,
      dice.whole(80, 1400),
      sender.ttl,
    );
  });
};

/** Files by NFS over UDP: datagrams of 8 KiB in fragments. */
export const fragments: OrdinaryMaker = (dice, packets, seconds) => {
  const [client, server] = [host(dice), host(dice)];
  const size = dice.pick([8192, 16_384, 32_768]);
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const at = dice.between(0, seconds);
    const ipId = dice.bits(16);
    all.push(udp(at, client.address, 800, server.address, 2049, 140, client.ttl));
    for (let offset = 0; offset < size; offset += 1480) {
      const more = offset + 1480 < size;
      const payload = (more ? 1480 : size - offset) - (offset === 0 ? 8 : 0);
      const ends = { from: server.address, to: client.address, fromPort: 2049, toPort: 800, protocol: UDP };
      all.push({ ...ends, at: at + 0.002 + offset * 1e-8, payload, ttl: server.ttl, ipId, fragment: { offset, more } });
    }
  }
  return all;
};

/** Tunnels between offices: ESP or GRE both ways. */
export const tunnels: OrdinaryMaker = (dice, packets, seconds) => {
  const gateway = host(dice);
  const offices = hosts(dice, dice.whole(1, 6));
  const protocol = dice.pick([ESP, GRE]);
  return Array.from({ length: packets }, () => {
    const office = dice.pick(offices);
    const [from, to] = dice.chance(0.5) ? [gateway, office] : [office, gateway];
    const at = dice.between(0, seconds);
    return {
      at,
      from: from.address,
      to: to.address,
      protocol,
      fromPort: 0,
      toPort: 0,
      payload: dice.whole(80, 1400),
      ttl: from.ttl,
    };
  });
};
