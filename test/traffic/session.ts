/** A TCP connection from its SYN to its end, seen from both sides. */
import type { Dice } from "./dice.ts";
import type { Host } from "./hosts.ts";
import { ACK, FIN, PSH, RST, SYN, type TrafficPacket, tcp } from "./packet.ts";

const SEGMENT = 1448;

export interface Session {
  readonly at: number;
  readonly client: Host;
  readonly clientPort: number;
  readonly server: Host;
  readonly serverPort: number;
  readonly roundTrip: number;
  /** Bytes that each side sends. */
  readonly request: number;
  readonly response: number;
  /** Segments between two acknowledgements of what is received. */
  readonly acknowledgeEvery: number;
  /** How it ends: closed by both, reset by the client, or still open. */
  readonly end: "fin" | "rst" | "open";
}

export function session(dice: Dice, options: Session): TrafficPacket[] {
  const { client, server, clientPort, serverPort, roundTrip, acknowledgeEvery } = options;
  const up = { from: client.address, fromPort: clientPort, to: server.address, toPort: serverPort };
  const down = { from: server.address, fromPort: serverPort, to: client.address, toPort: clientPort };
  const packets: TrafficPacket[] = [];
  let time = options.at;
  let sequence = dice.bits();
  let answer = dice.bits();
  const fromClient = (flags: number, payload = 0) => {
    packets.push(tcp(time, up, flags, { payload, sequence, acknowledgement: answer, ttl: client.ttl }));
    sequence = (sequence + payload) >>> 0;
  };
  const fromServer = (flags: number, payload = 0) => {
    packets.push(tcp(time, down, flags, { payload, sequence: answer, acknowledgement: sequence, ttl: server.ttl }));
    answer = (answer + payload) >>> 0;
  };
  packets.push(tcp(time, up, SYN, { sequence, ttl: client.ttl, window: client.window, options: client.options }));
  sequence = (sequence + 1) >>> 0;
  time += roundTrip / 4;
  const { window, ttl, options: synOptions } = server;
  packets.push(
    tcp(time, down, SYN | ACK, { sequence: answer, acknowledgement: sequence, ttl, window, options: synOptions }),
  );
  answer = (answer + 1) >>> 0;
  time += roundTrip;
  fromClient(ACK);
  transfer(options.request, fromClient, fromServer);
  time += dice.exponential(0.02);
  transfer(options.response, fromServer, fromClient);
  time += dice.exponential(0.2);
  if (options.end === "rst") fromClient(RST | ACK);
  if (options.end !== "fin") return packets;
  fromClient(FIN | ACK);
  time += roundTrip / 4;
  fromServer(FIN | ACK);
  time += roundTrip;
  fromClient(ACK);
  return packets;

  function transfer(
    bytes: number,
    send: (flags: number, payload: number) => void,
    acknowledge: (flags: number) => void,
  ): void {
    let sent = 0;
    for (let left = bytes; left > 0; left -= SEGMENT) {
      send(left <= SEGMENT ? ACK | PSH : ACK, Math.min(left, SEGMENT));
      time += 0.00002;
      if (++sent % acknowledgeEvery !== 0 && left > SEGMENT) continue;
      time += roundTrip / (sent < 20 ? 2 : 20);
      acknowledge(ACK);
    }
  }
}

/** SYNs that nobody answers, sent again after 1, 3 and 7 seconds (RFC 6298). */
export function unanswered(dice: Dice, at: number, client: Host, server: number, serverPort: number): TrafficPacket[] {
  const ends = { from: client.address, fromPort: dice.port(), to: server, toPort: serverPort };
  const sequence = dice.bits();
  const { ttl, window, options } = client;
  return [0, 1, 3, 7].map((later) => tcp(at + later, ends, SYN, { sequence, ttl, window, options }));
}

/** A SYN that a reset answers. */
export function refused(dice: Dice, at: number, client: Host, server: Host, serverPort: number): TrafficPacket[] {
  const clientPort = dice.port();
  const sequence = dice.bits();
  const up = { from: client.address, fromPort: clientPort, to: server.address, toPort: serverPort };
  const down = { from: server.address, fromPort: serverPort, to: client.address, toPort: clientPort };
  const { ttl, window, options } = client;
  return [
    tcp(at, up, SYN, { sequence, ttl, window, options }),
    tcp(at + 0.002, down, RST | ACK, { acknowledgement: (sequence + 1) >>> 0, ttl: server.ttl, window: 0 }),
  ];
}
