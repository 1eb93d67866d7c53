/** Conditions on the TCP header. */
import {
  QUIRK_ACKNOWLEDGEMENT,
  QUIRK_ECN,
  QUIRK_PSH,
  QUIRK_RESERVED,
  QUIRK_SEQUENCE_ZERO,
  QUIRK_URG,
  QUIRK_URGENT_POINTER,
} from "../quirks.ts";
import type { Tuple } from "../tuple.ts";
import type { Condition } from "./condition.ts";
import { loaded } from "./condition.ts";
import { headerBytes, headerCondition, type TcpPlace } from "./header-bytes.ts";

const SYN = 0x02;
const PSH = 0x08;
const URG = 0x20;
/** ECE and CWR, which the quirk "ecn" leaves open, and the reserved bits, which "0+" leaves open. */
const ECN_BITS = 0x0c0;
const RESERVED_BITS = 0xf00;
const TWO_ZEROS = [0, 0];
const FOUR_ZEROS = [0, 0, 0, 0];

export function tcpConditions(tuple: Tuple, place: TcpPlace): Condition[] {
  const { traits, window, layout } = tuple;
  const has = (quirk: number) => (traits & quirk) !== 0;
  const bytes = (offset: number, zeros: readonly number[], isZero: boolean) =>
    headerCondition(isZero ? { offset, equal: zeros } : { offset, notZero: zeros.length }, place);
  const conditions = [
    flagsCondition(tuple, place),
    { expression: `${at(place, 14, 2)} = ${window}`, display: `tcp.window_size_value == ${window}` },
    bytes(4, FOUR_ZEROS, has(QUIRK_SEQUENCE_ZERO)),
    bytes(8, FOUR_ZEROS, !has(QUIRK_ACKNOWLEDGEMENT)),
  ];
  // With the URG flag, the pointer may be anything.
  if (!has(QUIRK_URG)) conditions.push(bytes(18, TWO_ZEROS, !has(QUIRK_URGENT_POINTER)));
  if (has(QUIRK_ECN)) conditions.push(congestionCondition(tuple, place));
  if (has(QUIRK_RESERVED)) conditions.push(reservedCondition(tuple, place));
  return [...conditions, ...headerBytes(layout.conditions, place)];
}

/** The length of the header, the reserved bits and the flags, as far as no quirk leaves them open. */
function flagsCondition({ traits, tcpHeaderLength }: Tuple, place: TcpPlace): Condition {
  const flags = SYN | ((traits & QUIRK_PSH) !== 0 ? PSH : 0) | ((traits & QUIRK_URG) !== 0 ? URG : 0);
  const open = ((traits & QUIRK_ECN) !== 0 ? ECN_BITS : 0) | ((traits & QUIRK_RESERVED) !== 0 ? RESERVED_BITS : 0);
  const value = `0x${(((tcpHeaderLength / 4) << 12) | flags).toString(16)}`;
  const load = at(place, 12, 2);
  const length = `tcp.hdr_len == ${tcpHeaderLength}`;
  if (open === 0) {
    return {
      expression: `${load} = ${value}`,
      display: `${length} && tcp.flags == 0x${flags.toString(16).padStart(3, "0")}`,
    };
  }
  const clear = `!(tcp.flags & 0x${(0xfff & ~open & ~flags).toString(16).padStart(3, "0")})`;
  const set = [
    "tcp.flags.syn == 1",
    ...((flags & PSH) !== 0 ? ["tcp.flags.push == 1"] : []),
    ...((flags & URG) !== 0 ? ["tcp.flags.urg == 1"] : []),
  ];
  return {
    expression: `${load} & 0x${(0xffff & ~open).toString(16)} = ${value}`,
    display: [length, ...set, clear].join(" && "),
  };
}

/** The quirk "ecn": a bit of IP or a flag of TCP. */
function congestionCondition({ ipVersion }: Tuple, place: TcpPlace): Condition {
  const [load, field] = ipVersion === 4 ? ["ip[1] & 3", "ip.dsfield.ecn"] : ["ip6[1] & 0x30", "ipv6.tclass.ecn"];
  return {
    expression: `(${load} != 0 or ${at(place, 13, 1)} & 0xc0 != 0)`,
    display: `(${field} != 0 || tcp.flags & 0x0c0)`,
  };
}

/** The quirk "0+": the reserved bit of IPv4 or one of TCP. */
function reservedCondition({ ipVersion }: Tuple, place: TcpPlace): Condition {
  const load = `${at(place, 12, 1)} & 0x0f != 0`;
  if (ipVersion === 6) return { expression: load, display: "tcp.flags & 0xf00" };
  return { expression: `(ip[6] & 0x80 != 0 or ${load})`, display: "(ip.flags.rb == 1 || tcp.flags & 0xf00)" };
}

function at({ header, offset }: TcpPlace, from: number, size: number): string {
  return loaded(header, offset + from, size);
}
