/** The printers of what UDP carries, by port. */
import { printBabel } from "./babel.ts";
import { printBfd } from "./bfd.ts";
import { printDhcp } from "./dhcp.ts";
import { printDhcp6 } from "./dhcp6.ts";
import { printDns, printMulticastDns } from "./dns.ts";
import { printAhcp, printHncp, printLwapp } from "./home-networks.ts";
import { printHsrp } from "./hsrp.ts";
import { printUdpEncapsulation } from "./ipsec.ts";
import { printIsakmp } from "./isakmp.ts";
import { printKerberos } from "./kerberos.ts";
import type { Printer } from "./line.ts";
import { printLdp, printLspPing, printMplsOverUdp } from "./mpls.ts";
import { printNtp } from "./ntp.ts";
import { printGeneve, printVxlan } from "./overlays.ts";
import { printRip } from "./rip.ts";
import { printRx } from "./rx.ts";
import { printSyslog } from "./syslog.ts";
import { printTftp } from "./tftp.ts";

/**
 * The printers in the order in which they are asked. The first one whose port is the source or the destination prints.
 */
const BY_PORT: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [53, printDns],
  [67, printDhcp],
  [68, printDhcp],
  [69, printTftp],
  [5353, printMulticastDns],
  [123, printNtp],
  [514, printSyslog],
  [520, printRip],
  [546, printDhcp6],
  [547, printDhcp6],
  [4500, printUdpEncapsulation],
  [4789, printVxlan],
  [6081, printGeneve],
  [6635, printMplsOverUdp],
  ...[7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009].map((port) => [port, printRx] as const),
  [5359, printAhcp],
  [8231, printHncp],
  [12222, printLwapp],
  [12223, printLwapp],
  [6696, printBabel],
  [6697, printBabel],
  [500, printIsakmp],
  [646, printLdp],
  [3503, printLspPing],
  [88, printKerberos],
  [750, printKerberos],
]);
const ORDER = [...BY_PORT.keys()];
const RANKS: ReadonlyMap<number, number> = new Map(ORDER.map((port, rank) => [port, rank]));

/** The printers of protocols that are recognised by the destination port alone. */
const BY_DESTINATION: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [1985, printHsrp],
  [3784, printBfd],
  [3785, printBfd],
  [4784, printBfd],
  [6784, printBfd],
]);

export function udpPayloadPrinter(source: number, destination: number): Printer | undefined {
  const sourceRank = RANKS.get(source) ?? ORDER.length;
  const destinationRank = RANKS.get(destination) ?? ORDER.length;
  const port = ORDER[Math.min(sourceRank, destinationRank)];
  return (port === undefined ? undefined : BY_PORT.get(port)) ?? BY_DESTINATION.get(destination);
}
