/** SCTP (RFC 9260): the chunks of a packet. */
import type { IpHeader } from "./ip-fields.ts";
import { addEnds } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex, namesOf } from "./names.ts";

const HEADER_LENGTH = 12;
const MOST_CHUNKS = 64;
const DATA = 0;
const DATA_HEADER_LENGTH = 16;

/** Ports of ForCES, the separation of forwarding and control (RFC 5811), with high, middle and low priority. */
const FORCES_PORTS: ReadonlyMap<number, string> = new Map([
  [6704, "HP"],
  [6705, "MP"],
  [6706, "LP"],
]);
const forcesName = namesOf(
  {
    1: "Association Setup",
    2: "Association TearDown",
    3: "Config",
    4: "Query",
    5: "Event Notification",
    6: "Packet Redirect",
    15: "HeartBeat",
    17: "Association Response",
    19: "Config Response",
    20: "Query Response",
  },
  "Unknown message 0x%x",
);

const CHUNK_NAMES = [
  "DATA",
  "INIT",
  "INIT ACK",
  "SACK",
  "HB REQ",
  "HB ACK",
  "ABORT",
  "SHUTDOWN",
  "SHUTDOWN ACK",
  "OP ERR",
  "COOKIE ECHO",
  "COOKIE ACK",
  "ECN ECHO",
  "CWR",
  "SHUTDOWN COMPLETE",
];

const payloadName = namesOf(
  {
    1: "IUA",
    2: "M2UA",
    3: "M3UA",
    4: "SUA",
    5: "M2PA",
    6: "V5UA",
    7: "H.248",
    8: "BICC/Q.2150.3",
    9: "TALI",
    10: "DUA",
    11: "ASAP",
    12: "ENRP",
    13: "H.323",
    14: "Q.IPC/Q.2150.3",
    15: "SIMCO",
    46: "Diameter",
    47: "Diameter",
  },
  "0x%x",
);

/** Prints text such as `sctp (1) [COOKIE ECHO]`: each chunk by its number, with the fields that tcpdump shows of it. */
export function printSctp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "sctp";
  if (length < HEADER_LENGTH) {
    line.add("[length < 12]");
    return line.invalid();
  }
  if (!line.has(at, 4)) {
    line.add(`${header.source} > ${header.destination}: `);
    return line.add("[|sctp]");
  }
  const source = line.u16(at);
  const destination = line.u16(at + 2);
  addEnds(line, header, source, destination);
  const forces = FORCES_PORTS.get(destination) ?? FORCES_PORTS.get(source);
  line.add(forces === undefined ? "sctp" : `sctp[ForCES ${forces}]`);
  line.need(at, HEADER_LENGTH);
  let place = at + HEADER_LENGTH;
  for (let count = 1; place + 4 <= at + length && count <= MOST_CHUNKS; count++) {
    const type = line.u8(place);
    const size = line.u16(place + 2);
    const separator = count === 1 ? " " : line.flags.verbose > 0 ? "\n\t" : ", ";
    line.add(`${separator}(${count}) `);
    if (size < 4) return line.add(`[Bad chunk length ${size}, < size of chunk descriptor]`);
    line.add(`[${CHUNK_NAMES[type] ?? `Unknown chunk type: ${hex(type, 2)}`}] `);
    if (place + size > at + length) {
      line.add(`[chunk length ${size} > ${at + length - place}]`);
      return line.invalid();
    }
    printChunk(line, type, place, size);
    if (forces !== undefined && type === DATA && size > DATA_HEADER_LENGTH)
      printForces(line, place + DATA_HEADER_LENGTH);
    // Chunks are padded to four bytes.
    place += (size + 3) & ~3;
  }
}

function printForces(line: Line, at: number): void {
  line.protocol = "forces";
  line.add(`\n\tForCES ${forcesName(line.u8(at + 1))} `);
}

function printChunk(line: Line, type: number, at: number, size: number): void {
  const bits = line.u8(at + 1);
  switch (type) {
    case DATA: {
      if (size < DATA_HEADER_LENGTH) return;
      const letters = `${(bits & 4) === 0 ? "" : "(U)"}${(bits & 2) === 0 ? "" : "(B)"}${(bits & 1) === 0 ? "" : "(E)"}`;
      if (letters !== "") line.add(`${letters} `);
      line.add(
        `[TSN: ${line.u32(at + 4)}] [SID: ${line.u16(at + 8)}] [SSEQ ${line.u16(at + 10)}] [PPID ${payloadName(line.u32(at + 12))}] `,
      );
      return;
    }
    case 1:
    case 2:
      if (size < 20) return;
      line.add(`[init tag: ${line.u32(at + 4)}] [rwnd: ${line.u32(at + 8)}] [OS: ${line.u16(at + 12)}]`);
      return line.add(` [MIS: ${line.u16(at + 14)}] [init TSN: ${line.u32(at + 16)}] `);
    case 3: {
      if (size < 16) return;
      const gaps = line.u16(at + 12);
      const duplicates = line.u16(at + 14);
      line.add(
        `[cum ack ${line.u32(at + 4)}] [a_rwnd ${line.u32(at + 8)}] [#gap acks ${gaps}] [#dup tsns ${duplicates}] `,
      );
      return;
    }
    default:
      return;
  }
}
