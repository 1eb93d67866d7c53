/** The printers that the others reach by the line: imported by them, each would import itself in a circle. */
import { printEtherType } from "./ether-types.ts";
import { printEthernet } from "./ethernet.ts";
import { printTransport } from "./ip-protocols.ts";
import type { InnerPrinters } from "./line.ts";

export const INNER_PRINTERS: InnerPrinters = {
  ethernet: printEthernet,
  etherType: printEtherType,
  transport: printTransport,
};
