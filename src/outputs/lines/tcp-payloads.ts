/** The printers of what TCP carries, by port. */
import { printDnsOverTcp } from "./dns.ts";
import type { Printer } from "./line.ts";
import { printLdp } from "./mpls.ts";
import { printSsh, printTextProtocol } from "./text-protocols.ts";

const BY_PORT: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [21, printTextProtocol("ftp")],
  [22, printSsh],
  [25, printTextProtocol("smtp")],
  [53, printDnsOverTcp],
  [80, printTextProtocol("http")],
  [179, (line) => line.add(": BGP")],
  [554, printTextProtocol("rtsp")],
  [646, printLdp],
  [323, (line) => line.add(", RPKI-RTR")],
  [8080, printTextProtocol("http")],
  [8554, printTextProtocol("rtsp")],
]);

export function tcpPayloadPrinter(source: number, destination: number): Printer | undefined {
  return BY_PORT.get(destination) ?? BY_PORT.get(source);
}
