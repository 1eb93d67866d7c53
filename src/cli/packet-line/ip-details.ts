/** The parenthesis that `--verbose` puts before the addresses. */
import type { Ipv4Header, Ipv4Option, Ipv6Header } from "../../pcap-parser/index.ts";
import { hex } from "./context.ts";

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [0, "Options"],
  [1, "ICMP"],
  [2, "IGMP"],
  [4, "IPIP"],
  [6, "TCP"],
  [8, "EGP"],
  [9, "IGRP"],
  [17, "UDP"],
  [33, "DCCP"],
  [41, "IPv6"],
  [43, "Routing"],
  [44, "Fragment"],
  [46, "RSVP"],
  [47, "GRE"],
  [50, "ESP"],
  [51, "AH"],
  [55, "Mobile IP"],
  [58, "ICMPv6"],
  [88, "EIGRP"],
  [89, "OSPF"],
  [103, "PIM"],
  [108, "Compressed IP"],
  [112, "VRRP"],
  [113, "PGM"],
  [132, "SCTP"],
  [135, "Mobility"],
]);

const OPTION_NAMES: ReadonlyMap<number, string> = new Map([
  [0, "EOL"],
  [1, "NOP"],
  [7, "RR"],
  [68, "timestamp"],
  [130, "security"],
  [131, "LSRR"],
  [137, "SSRR"],
  [148, "RA"],
]);

/** By the value of the lower two bits of the traffic class (RFC 3168). */
const ECN_NAMES = ["", ",ECT(1)", ",ECT(0)", ",CE"];

function protocolText(protocol: number): string {
  return `${PROTOCOL_NAMES.get(protocol) ?? "unknown"} (${protocol})`;
}

/** `(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)` */
export function formatIpv4Details(header: Ipv4Header, bytes: Uint8Array): string {
  const parts = [`tos ${hex(header.typeOfService)}${ECN_NAMES[header.typeOfService & 3]}`];
  if (header.timeToLive > 0) parts.push(`ttl ${header.timeToLive}`);
  parts.push(
    `id ${header.identification}`,
    `offset ${header.fragmentOffset}`,
    `flags [${flagNames(header)}]`,
    `proto ${protocolText(header.protocol)}`,
    `length ${header.totalLength}`,
  );
  if (header.options.length > 0) parts.push(`options (${header.options.map(optionText).join(",")})`);
  const right = rightChecksum(header, bytes);
  if (right !== undefined && right !== header.checksum) {
    parts.push(`bad cksum ${header.checksum.toString(16)} (->${right.toString(16)})!`);
  }
  return `(${parts.join(", ")})`;
}

/** `(class 0x28, flowlabel 0x12345, hlim 64, next-header TCP (6) payload length: 40)` */
export function formatIpv6Details(header: Ipv6Header): string {
  const parts: string[] = [];
  if (header.trafficClass !== 0) parts.push(`class ${hex(header.trafficClass, 2)}`);
  if (header.flowLabel !== 0) parts.push(`flowlabel ${hex(header.flowLabel, 5)}`);
  const next = `next-header ${protocolText(header.nextHeader)} payload length: ${header.payloadLength}`;
  parts.push(`hlim ${header.hopLimit}`, next);
  return `(${parts.join(", ")})`;
}

function flagNames(header: Ipv4Header): string {
  const names: string[] = [];
  if (header.moreFragments) names.push("+");
  if (header.dontFragment) names.push("DF");
  if (header.reservedFlag) names.push("rsvd");
  return names.length === 0 ? "none" : names.join(", ");
}

function optionText(option: Ipv4Option): string {
  return OPTION_NAMES.get(option.type) ?? `unknown ${option.type}`;
}

/** The checksum that the header should carry (RFC 1071); undefined when it was not captured whole. */
function rightChecksum(header: Ipv4Header, bytes: Uint8Array): number | undefined {
  const end = header.offset + header.headerLength;
  if (end > bytes.length) return undefined;
  let sum = 0;
  for (let at = header.offset; at < end; at += 2) {
    const isChecksum = at === header.offset + 10;
    if (!isChecksum) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
