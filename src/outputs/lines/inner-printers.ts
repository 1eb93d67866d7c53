/** The printers that other printers reach through the line. Importing them directly would make a circle of imports. */
import { printEtherType } from "./ether-types.ts";
import { printEthernet } from "./ethernet.ts";
import { printTransport } from "./ip-protocols.ts";
import type { InnerPrinters } from "./line.ts";

export const INNER_PRINTERS: InnerPrinters = {
  ethernet: printEthernet,
  etherType: printEtherType,
  transport: printTransport,
};
