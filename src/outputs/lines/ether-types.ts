/** The printers of what a frame carries, by EtherType. */
import { printAoe } from "./aoe.ts";
import { printArp } from "./arp.ts";
import { printEapol } from "./eapol.ts";
import { ETHER_TYPE_IPV4, ETHER_TYPE_IPV6 } from "./ether-type-names.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line, Printer } from "./line.ts";
import { printLldp } from "./lldp.ts";
import { printLoopbackTest } from "./loopback-test.ts";
import { printMpls } from "./mpls.ts";
import { printPpp } from "./ppp.ts";
import { printPppoe } from "./pppoe.ts";
import { printSlow } from "./slow.ts";

const PRINTERS: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [ETHER_TYPE_IPV4, printIpv4],
  [0x0806, printArp],
  [0x8035, printArp],
  [0x880b, printPpp],
  [0x8809, printSlow],
  [0x8847, printMpls],
  [0x8848, printMpls],
  [0x8863, printPppoe],
  [0x8864, printPppoe],
  [ETHER_TYPE_IPV6, printIpv6],
  [0x888e, printEapol],
  [0x88a2, printAoe],
  [0x88cc, printLldp],
  [0x9000, printLoopbackTest],
]);

/** Prints what a frame carries. @returns whether there is a printer for the EtherType */
export function printEtherType(line: Line, etherType: number, at: number, length: number): boolean {
  const printer = PRINTERS.get(etherType);
  if (printer === undefined) return false;
  line.enter(printer, at, length);
  return true;
}
