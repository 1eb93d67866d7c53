/** Packets of connections, for the columns of tests. */
import { ethernet, ipv4, type TcpFlag, tcp } from "../../../support/frames.ts";
import type { TestPacket } from "../columns.ts";

export interface Connection {
  readonly number: number;
  readonly window?: number;
  readonly serverSequence?: number;
}

function addressOf(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function packet(
  connection: Connection,
  seconds: number,
  isClient: boolean,
  flags: readonly TcpFlag[],
  numbers: readonly [number, number],
): TestPacket {
  const client = addressOf(connection.number);
  const [source, destination] = isClient ? [client, "198.51.100.2"] : ["198.51.100.2", client];
  const [sourcePort, destinationPort] = isClient ? [40_000, 443] : [443, 40_000];
  const [sequence, acknowledgment] = numbers;
  const segment = tcp({
    sourcePort,
    destinationPort,
    sequence,
    acknowledgment,
    flags,
    window: connection.window ?? 1000,
  });
  return { data: ethernet({ payload: ipv4({ source, destination, identification: 1, payload: segment }) }), seconds };
}

/** That of the connection 0 is the last one, so that 0 follows it. */
function initial({ number }: Connection): number {
  return 0xffff_ffff - number;
}

export function synOf(connection: Connection, seconds: number): TestPacket {
  return packet(connection, seconds, true, ["syn"], [initial(connection), 0]);
}

export function synAckOf(connection: Connection, seconds: number): TestPacket {
  const numbers = [connection.serverSequence ?? 0xffff_ffff, (initial(connection) + 1) >>> 0] as const;
  return packet(connection, seconds, false, ["syn", "ack"], numbers);
}

/** The client's acknowledgement. @param acknowledged the default is that of the SYN-ACK */
export function ackOf(connection: Connection, seconds: number, acknowledged?: number): TestPacket {
  const answer = acknowledged ?? ((connection.serverSequence ?? 0xffff_ffff) + 1) >>> 0;
  return packet(connection, seconds, true, ["ack"], [(initial(connection) + 1) >>> 0, answer]);
}
