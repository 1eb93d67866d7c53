/** Rx, the remote procedure calls of AFS: the kind of a packet, and its call. */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { RX_SERVICES } from "./rx-calls.ts";

const HEADER_LENGTH = 28;
const DATA = 1;
const ACKNOWLEDGEMENT = 2;
const ABORT = 4;
const CLIENT_INITIATED = 1;

const typeName = namesOf(
  {
    1: "data",
    2: "ack",
    3: "busy",
    4: "abort",
    5: "ackall",
    6: "challenge",
    7: "response",
    8: "debug",
    9: "params",
    10: "params",
    11: "params",
    12: "params",
    13: "version",
  },
  "type %d",
);
const FLAGS = [
  [1, "cli-init"],
  [2, "req-ack"],
  [4, "last-pckt"],
  [8, "more-pckts"],
  [16, "free-pckt"],
] as const;

const reasonName = namesOf(
  {
    1: "ack requested",
    2: "duplicate packet",
    3: "out of sequence",
    4: "exceeds window",
    5: "no buffer space",
    6: "ping",
    7: "ping response",
    8: "delay",
  },
  "#%d",
);

/** Prints text such as ` rx data fs call fetch-status fid 536871098/846/1049757 (44)`. */
export function printRx(line: Line, at: number, length: number): void {
  line.protocol = "rx";
  if (!line.has(at, HEADER_LENGTH)) return line.add(` [|rx] (${length})`);
  const type = line.u8(at + 20);
  const flags = line.u8(at + 21);
  line.add(` rx ${typeName(type)}`);
  if (line.flags.verbose > 0) {
    if (line.flags.verbose > 1)
      line.add(
        ` cid ${line
          .u32(at + 4)
          .toString(16)
          .padStart(8, "0")}`,
      );
    if (line.flags.verbose > 1) line.add(` call# ${line.u32(at + 8)}`);
    line.add(` seq ${line.u32(at + 12)} ser ${line.u32(at + 16)}`);
    if (line.flags.verbose > 2) line.add(` secindex ${line.u8(at + 23)} serviceid ${line.u16(at + 26)}`);
    const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => `<${name}>`);
    if (line.flags.verbose > 1 && names.length > 0) line.add(` ${names.join(",")}`);
  }
  const source = line.u16(at - 8);
  const destination = line.u16(at - 6);
  const isCall = type === DATA && line.u32(at + 12) === 1 && (flags & CLIENT_INITIATED) !== 0;
  const isReply = (type === DATA && line.u32(at + 12) === 1 && (flags & CLIENT_INITIATED) === 0) || type === ABORT;
  line.attempt(() => {
    if (isCall) printCall(line, at, length, destination);
    else if (isReply) printReply(line, at, source, type);
    else if (type === ACKNOWLEDGEMENT) printAcknowledgement(line, at);
  });
  line.add(` (${length})`);
}

/** Prints a call. A call states its operation. An answer does not, so that the operation is taken from its call. */
function printCall(line: Line, at: number, length: number, port: number): void {
  const service = RX_SERVICES.get(port);
  if (service === undefined || length < HEADER_LENGTH + 4) return;
  const operation = line.u32(at + HEADER_LENGTH);
  line.memory.calls.set(callKey(line, at, port, line.source, line.destination), operation);
  line.add(` ${service.name} call ${service.operations.get(operation) ?? `op#${operation}`}`);
  service.printCall?.(line, operation, at + HEADER_LENGTH + 4);
}

function printReply(line: Line, at: number, port: number, type: number): void {
  const service = RX_SERVICES.get(port);
  if (service?.printReply === undefined) return;
  const operation = line.memory.calls.get(callKey(line, at, port, line.destination, line.source));
  if (operation === undefined) return;
  line.add(` ${service.name} reply ${service.operations.get(operation) ?? `op#${operation}`}`);
  if (type === DATA) service.printReply(line, operation, at + HEADER_LENGTH);
  else line.add(` error code ${line.u32(at + HEADER_LENGTH) | 0}`);
}

/** Returns the key of a call between a client and a service. */
function callKey(line: Line, at: number, port: number, client: string, server: string): string {
  return `${client} ${server} ${port} ${line.u32(at + 8)} ${line.u16(at + 26)}`;
}

function printAcknowledgement(line: Line, at: number): void {
  const body = at + HEADER_LENGTH;
  if (!line.has(body, 18)) return line.mark("ack");
  if (line.flags.verbose > 2) line.add(` bufspace ${line.u16(body)} maxskew ${line.u16(body + 2)}`);
  const first = line.u32(body + 4);
  line.add(` first ${first} serial ${line.u32(body + 12)} reason ${reasonName(line.u8(body + 16))}`);
  const count = line.u8(body + 17);
  const states = line.bytes.subarray(body + 18, Math.min(body + 18 + count, line.end));
  addRanges(line, "acked", first, states, 1);
  addRanges(line, "nacked", first, states, 0);
}

/** ` acked 2-5 7` */
function addRanges(line: Line, label: string, first: number, states: Uint8Array, wanted: number): void {
  const ranges: string[] = [];
  for (let at = 0; at < states.length; at++) {
    if ((states[at] === 1 ? 1 : 0) !== wanted) continue;
    let end = at;
    while (end + 1 < states.length && (states[end + 1] === 1 ? 1 : 0) === wanted) end++;
    ranges.push(end === at ? `${first + at}` : `${first + at}-${first + end}`);
    at = end;
  }
  if (ranges.length > 0) line.add(` ${label} ${ranges.join(" ")}`);
}
