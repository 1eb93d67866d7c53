/** The layers that can be in any other one. */
import { rewriteEtherType } from "./ether-types.ts";
import { rewriteEthernet } from "./ethernet.ts";
import { rewriteIpv4 } from "./ipv4.ts";
import { rewriteIpv6 } from "./ipv6.ts";
import type { Layers } from "./rewriting.ts";

export const LAYERS: Layers = {
  ipv4: rewriteIpv4,
  ipv6: rewriteIpv6,
  ethernet: rewriteEthernet,
  etherType: rewriteEtherType,
};
