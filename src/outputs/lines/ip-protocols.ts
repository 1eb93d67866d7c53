/** The printers of what IP carries, by protocol number. */

import { printDccp } from "./dccp.ts";
import { printGre } from "./gre.ts";
import { printIcmp } from "./icmp.ts";
import { printIcmp6 } from "./icmp6.ts";
import { printIgmp } from "./igmp.ts";
import type { IpHeader } from "./ip-fields.ts";
import { printAuthentication, printEsp } from "./ipsec.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line } from "./line.ts";
import { printEigrp, printOspf, printPim, printVrrp } from "./routing.ts";
import { printSctp } from "./sctp.ts";
import { printTcp } from "./tcp.ts";
import { printUdp } from "./udp.ts";

type TransportPrinter = (line: Line, at: number, length: number, header: IpHeader) => void;

const PRINTERS: ReadonlyMap<number, TransportPrinter> = new Map<number, TransportPrinter>([
  [1, printIcmp],
  [2, printIgmp],
  [4, (line, at, length) => line.enter(printIpv4, at, length)],
  [6, printTcp],
  [17, printUdp],
  [33, printDccp],
  [41, (line, at, length) => line.enter(printIpv6, at, length)],
  [47, printGre],
  [50, printEsp],
  [51, printAuthentication],
  [58, printIcmp6],
  [59, (line) => line.add("no next header")],
  [88, printEigrp],
  [89, printOspf],
  [103, printPim],
  [112, printVrrp],
  [132, printSctp],
  // The payload is an Ethernet frame behind segment routing (RFC 8986).
  [143, printFrame],
]);

function printFrame(line: Line, at: number, length: number, header: IpHeader): void {
  if (header.version === 6) return line.enter(line.inner.ethernet, at, length);
  line.add("[Ethernet requires IPv6]");
  line.invalid();
}

/** Prints what the header carries, from `at` on. */
export function printTransport(line: Line, protocol: number, at: number, length: number, header: IpHeader): void {
  const printer = PRINTERS.get(protocol);
  if (printer === undefined) line.add(` ip-proto-${protocol} ${length}`);
  else printer(line, at, length, header);
}
