/** Servers that many clients ask: the web, when it is calm and when everybody comes at once. */
import type { Dice } from "../dice.ts";
import { type Host, host, hosts, often } from "../hosts.ts";
import type { TrafficPacket } from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";
import { session, unanswered } from "../session.ts";

export interface Site {
  readonly server: Host;
  readonly port: number;
  readonly clients: readonly Host[];
  /** Bytes of an answer on average. */
  readonly response: number;
}

export function site(dice: Dice, server = host(dice)): Site {
  const clients = hosts(dice, dice.whole(20, 2000));
  return { server, port: dice.pick([80, 443, 443, 8080, 25, 993]), clients, response: dice.scale(800, 60_000) };
}

/** One visit: mostly a connection, now and then a SYN that is not answered. */
export function visit(dice: Dice, { server, port, clients, response }: Site, at: number): TrafficPacket[] {
  const client = often(dice, clients);
  if (dice.chance(0.01)) return unanswered(dice, at, client, server.address, port);
  return session(dice, {
    at,
    client,
    clientPort: dice.port(),
    server,
    serverPort: port,
    roundTrip: dice.scale(0.005, 0.2),
    request: Math.round(dice.scale(100, 3000)),
    response: Math.round(dice.exponential(response)),
    acknowledgeEvery: dice.whole(1, 4),
    end: dice.pick(["fin", "fin", "fin", "fin", "rst", "open"] as const),
  });
}

/** Visits until there are enough packets, at times that `time` gives. */
export function visits(dice: Dice, to: Site, packets: number, time: () => number): TrafficPacket[] {
  const all: TrafficPacket[] = [];
  while (all.length < packets) for (const packet of visit(dice, to, time())) all.push(packet);
  return all;
}

export const webServer: OrdinaryMaker = (dice, packets, seconds) =>
  visits(dice, site(dice), packets, () => dice.between(0, seconds));

/** Ten times as many clients from some moment on, and all are served. */
export const flashCrowd: OrdinaryMaker = (dice, packets, seconds) => {
  const to = { ...site(dice), clients: hosts(dice, dice.whole(500, 20_000)) };
  const from = dice.between(0.2, 0.6) * seconds;
  return visits(dice, to, packets, () => (dice.chance(0.1) ? dice.between(0, seconds) : dice.between(from, seconds)));
};

/** Requests by other machines: few clients, and each connects again for every call. */
export const service: OrdinaryMaker = (dice, packets, seconds) => {
  const to = { ...site(dice), clients: hosts(dice, dice.whole(1, 8)), response: dice.scale(100, 2000) };
  return visits(dice, to, packets, () => dice.between(0, seconds));
};
