/** A line of `ringcap connections --json` as a row of the connections table. */
import { parseAddress } from "../../filter/networks.ts";
import { ADDRESS_BYTES } from "../contract/columns.ts";
import { fieldsOf, textOf, wholeOf } from "../json-fields.ts";
import type { RecordTime, TableRecord } from "../parquet/record-rows.ts";

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$/;

/** @param line what JSON.parse() made of it @returns undefined for what is no such line */
export function connectionRecord(line: unknown): (TableRecord & { readonly time: RecordTime }) | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  const time = timeOf(fields.time);
  const local = addressOf(fields.localAddress);
  const remote = addressOf(fields.remoteAddress);
  const [type, role] = [textOf(fields.type), textOf(fields.role)];
  const [localPort, remotePort] = [port(fields.localPort), port(fields.remotePort)];
  const counts = [fields.bytesSent, fields.bytesReceived, fields.retransmits].map(wholeOf);
  const [sent, received, retransmits] = counts;
  if (time === undefined || local === undefined || remote === undefined) return undefined;
  if (type === undefined || role === undefined || localPort === undefined || remotePort === undefined) return undefined;
  if (sent === undefined || received === undefined || retransmits === undefined) return undefined;
  return {
    time,
    type,
    role,
    reason: textOf(fields.reason),
    local_address: local,
    local_port: localPort,
    remote_address: remote,
    remote_port: remotePort,
    pid: wholeOf(fields.pid),
    uid: wholeOf(fields.uid),
    comm: textOf(fields.comm),
    bytes_sent: sent,
    bytes_received: received,
    retransmits,
    rtt: wholeOf(fields.rttUs),
    duration: wholeOf(fields.durationNs),
  };
}

function timeOf(value: unknown): RecordTime | undefined {
  const [, second, nanoseconds] = TIME.exec(typeof value === "string" ? value : "") ?? [];
  const seconds = Date.parse(`${second}Z`) / 1000;
  return Number.isNaN(seconds) ? undefined : { seconds, nanoseconds: Number(nanoseconds) };
}

/** Sixteen bytes, as every address of a table has. */
export function addressOf(value: unknown): Uint8Array | undefined {
  const address = typeof value === "string" ? parseAddress(value) : undefined;
  if (address === undefined || address.length === ADDRESS_BYTES) return address;
  const mapped = new Uint8Array(ADDRESS_BYTES);
  mapped.fill(255, 10, 12);
  mapped.set(address, 12);
  return mapped;
}

function port(value: unknown): number | undefined {
  const number = wholeOf(value);
  return number !== undefined && number <= 65_535 ? number : undefined;
}
