/** Much data in few connections: backups, downloads, and what runs for hours. */
import { host, hosts } from "../hosts.ts";
import { ACK, PSH, type TrafficPacket, tcp } from "../packet.ts";
import type { OrdinaryMaker } from "../scene.ts";
import { session } from "../session.ts";

const PORTS = [22, 443, 873, 2049, 445, 9102];

/** Uploads or downloads by a few clients. */
export const transfer: OrdinaryMaker = (dice, packets, seconds) => {
  const server = host(dice);
  const serverPort = dice.pick(PORTS);
  const clients = hosts(dice, dice.whole(1, 5));
  const isUpload = dice.chance(0.5);
  const acknowledgeEvery = dice.pick([1, 2, 2, 8, 20]);
  return clients.flatMap((client) => {
    const segments = packets / clients.length / (1 + 1 / acknowledgeEvery);
    const bytes = Math.round(segments * 1448);
    const [request, response] = isUpload ? [bytes, 500] : [300, bytes];
    const options = { client, server, serverPort, clientPort: dice.port(), roundTrip: dice.scale(0.001, 0.05) };
    const all = session(dice, { at: 0, ...options, request, response, acknowledgeEvery, end: "fin" as const });
    const longest = all.at(-1)?.at ?? 1;
    return all.map((packet) => ({ ...packet, at: (packet.at / longest) * seconds }));
  });
};

/** Connections that were open before and stay open: SSH, databases, chat. No SYN is seen. */
export const longLived: OrdinaryMaker = (dice, packets, seconds) => {
  const server = host(dice);
  const serverPort = dice.pick([22, 5432, 6379, 5222, 443]);
  const clients = hosts(dice, Math.round(dice.scale(2, 20_000))).map((client) => ({
    client,
    port: dice.port(),
    position: dice.bits(),
  }));
  const all: TrafficPacket[] = [];
  while (all.length < packets) {
    const { client, port, position } = dice.pick(clients);
    const at = dice.between(0, seconds);
    const up = { from: client.address, fromPort: port, to: server.address, toPort: serverPort };
    const down = { from: server.address, fromPort: serverPort, to: client.address, toPort: port };
    const payload = dice.whole(20, 1000);
    const sequence = (position + Math.round(at * 1000)) >>> 0;
    all.push(tcp(at, up, ACK | PSH, { payload: dice.whole(20, 400), sequence, ttl: client.ttl }));
    all.push(tcp(at + 0.01, down, ACK | PSH, { payload, acknowledgement: sequence, ttl: server.ttl }));
    all.push(tcp(at + 0.05, up, ACK, { sequence, ttl: client.ttl }));
  }
  return all;
};
