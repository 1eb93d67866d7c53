/** DCCP (RFC 4340). */
import type { IpHeader } from "./ip-fields.ts";
import { addEnds } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const SHORT_HEADER = 12;
const LONG_HEADER = 16;
const REQUEST = 0;
const RESPONSE = 1;
const DATA = 2;
const RESET = 7;

const typeName = namesOf(
  {
    0: "DCCP-Request",
    1: "DCCP-Response",
    2: "DCCP-Data",
    3: "DCCP-Ack",
    4: "DCCP-DataAck",
    5: "DCCP-CloseReq",
    6: "DCCP-Close",
    7: "DCCP-Reset",
    8: "DCCP-Sync",
    9: "DCCP-SyncAck",
  },
  "unknown-type-%d",
);
const resetName = namesOf(
  {
    0: "unspecified",
    1: "closed",
    2: "aborted",
    3: "no_connection",
    4: "packet_error",
    5: "option_error",
    6: "mandatory_error",
    7: "connection_refused",
    8: "bad_service_code",
    9: "too_busy",
    10: "bad_init_cookie",
    11: "aggression_penalty",
  },
  "unknown (%d)",
);

/** Prints text such as `DCCP DCCP-Request (service=0) `. */
export function printDccp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "dccp";
  line.need(at, SHORT_HEADER);
  addEnds(line, header, line.u16(at), line.u16(at + 2));
  line.add("DCCP");
  if (length < SHORT_HEADER) return line.invalid();
  const isLong = (line.u8(at + 8) & 1) !== 0;
  const body = at + (isLong ? LONG_HEADER : SHORT_HEADER);
  const acknowledgementLength = isLong ? 8 : 4;
  const type = (line.u8(at + 8) >> 1) & 0xf;
  line.add(` ${typeName(type)} `);
  if (type === REQUEST) return line.add(`(service=${line.u32(body)}) `);
  if (type === RESPONSE) line.add(`(service=${line.u32(body + acknowledgementLength)}) `);
  if (type === RESET) line.add(`(code=${resetName(line.u8(body + acknowledgementLength))}) `);
  if (type === DATA) return;
  const acknowledged = isLong ? line.u64(body) & 0xffff_ffff_ffffn : line.u24(body + 1);
  line.add(`(ack=${acknowledged}) `);
}
