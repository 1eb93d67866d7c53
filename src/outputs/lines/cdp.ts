/** Cisco's discovery protocol. */

import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { bitNames, hex, namesOf } from "./names.ts";
import { caretText } from "./text.ts";

const HEADER_LENGTH = 4;
const DEVICE_ID = 1;
/** The most fields for which a frame has room. */
const MOST_FIELDS = 400;

const fieldName = namesOf(
  {
    1: "Device-ID",
    2: "Address",
    3: "Port-ID",
    4: "Capability",
    5: "Version String",
    6: "Platform",
    7: "Prefixes",
    8: "Protocol-Hello option",
    9: "VTP Management Domain",
    10: "Native VLAN ID",
    11: "Duplex",
    14: "ATA-186 VoIP VLAN assignment",
    15: "ATA-186 VoIP VLAN request",
    16: "power consumption",
    17: "MTU",
    18: "AVVID trust bitmap",
    19: "AVVID untrusted ports CoS",
    20: "System Name",
    21: "System Object ID (not decoded)",
    22: "Management Addresses",
    23: "Physical Location",
  },
  "unknown field type",
);
const CAPABILITIES = [
  [0x01, "Router"],
  [0x02, "TB Bridge"],
  [0x04, "SR Bridge"],
  [0x08, "L2 Switch"],
  [0x10, "L3 capable"],
  [0x20, "IGMP snooping"],
  [0x40, "L1 capable"],
] as const;

/** Prints text such as `CDPv2, ttl: 180s, Device-ID 'S1', length 366`. */
export function printCdp(line: Line, at: number, length: number): void {
  line.protocol = "cdp";
  if (length < HEADER_LENGTH) return line.mark();
  line.need(at, HEADER_LENGTH);
  const { verbose } = line.flags;
  line.add(`CDPv${line.u8(at)}, ttl: ${line.u8(at + 1)}s`);
  if (verbose > 0) line.add(`, checksum: ${hex(line.u16(at + 2), 4)} (unverified), length ${length}`);
  let place = at + HEADER_LENGTH;
  for (let count = 0; place + 4 <= at + length && count < MOST_FIELDS; count++) {
    const type = line.u16(place);
    const size = line.u16(place + 2);
    const valueLength = size - 4;
    if (size < 4) {
      line.add(`${verbose > 0 ? "\n\t" : ", "}${fieldName(type)} TLV length ${size} too short`);
      return line.invalid();
    }
    if (place + size > at + length) return line.invalid();
    if (verbose > 0 || type === DEVICE_ID) {
      line.add(verbose > 0 ? "\n\t" : ", ");
      line.add(fieldName(type));
    }
    if (verbose > 0) line.add(` (${hex(type, 2)}), value length: ${valueLength} byte${valueLength === 1 ? "" : "s"}: `);
    line.need(place, size);
    if (verbose > 0) printValue(line, type, place + 4, valueLength);
    else if (type === DEVICE_ID) line.add(` '${caretText(line.slice(place + 4, valueLength))}'`);
    place += size;
  }
  if (verbose === 0) line.add(`, length ${length}`);
}

function printValue(line: Line, type: number, at: number, size: number): void {
  switch (type) {
    case 1:
    case 3:
    case 6:
    case 9:
    case 20:
      return line.add(`'${caretText(line.slice(at, size))}'`);
    case 2:
    case 22:
      return printAddresses(line, at, size);
    case 4:
      return line.add(size < 4 ? "" : `(${hex(line.u32(at), 8)}): ${bitNames(CAPABILITIES, line.u32(at), "none")}`);
    case 5:
      for (const text of Buffer.from(line.slice(at, size)).toString("latin1").split("\n")) {
        line.add(`\n\t  ${caretText(Buffer.from(text, "latin1"))}`);
      }
      return;
    case 10:
      return line.add(size < 2 ? "" : String(line.u16(at)));
    case 11:
      return line.add(line.u8(at) === 0 ? "half" : "full");
    case 16:
      return line.add(size < 2 ? "" : `${(line.u16(at) / 1000).toFixed(2)}W`);
    case 17:
      return line.add(size < 4 ? "" : `${line.u32(at)} bytes`);
    case 18:
    case 19:
      return line.add(hex(line.u8(at), 2));
    default:
      return;
  }
}

/** Prints addresses. Among the address families, only IPv4 has a fixed form. */
function printAddresses(line: Line, at: number, size: number): void {
  if (size < 4) return;
  const count = line.u32(at);
  let place = at + 4;
  for (let index = 0; index < count && place + 9 <= at + size; index++) {
    const isIpv4 = line.u8(place) === 1 && line.u8(place + 1) === 1 && line.u8(place + 2) === 0xcc;
    if (!isIpv4 || line.u16(place + 3) !== 4) return;
    line.add(`${index > 0 ? " " : ""}IPv4 (${count}) ${ipv4At(line, place + 5)}`);
    place += 9;
  }
}
