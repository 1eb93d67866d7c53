/** What packets of capture files start with, and which engines take them. */
import type { LinkType } from "../capture/link-types.ts";

/** As tcpdump names them (https://www.tcpdump.org/linktypes.html). */
const NAMES: ReadonlyMap<number, readonly [name: string, description: string]> = new Map([
  [0, ["NULL", "BSD loopback"]],
  [1, ["EN10MB", "Ethernet"]],
  [9, ["PPP", "PPP"]],
  [12, ["RAW", "Raw IP"]],
  [14, ["RAW", "Raw IP"]],
  [101, ["RAW", "Raw IP"]],
  [105, ["IEEE802_11", "802.11"]],
  [108, ["LOOP", "OpenBSD loopback"]],
  [113, ["LINUX_SLL", "Linux cooked v1"]],
  [127, ["IEEE802_11_RADIO", "802.11 plus radiotap header"]],
  [228, ["IPV4", "Raw IPv4"]],
  [229, ["IPV6", "Raw IPv6"]],
  [276, ["LINUX_SLL2", "Linux cooked v2"]],
]);

export const ETHERNET = 1;
const RAW_IP: ReadonlySet<number> = new Set([12, 14, 101, 228, 229]);
/** Those of native/host_link.cc besides. */
const HOST_ONLY: ReadonlySet<number> = new Set([0, 105, 108, 113, 127, 276]);

export type ReplayLinkType = Pick<LinkType, "linkType" | "name" | "description">;

export function describeLinkType(linkType: number): ReplayLinkType {
  const [name, description] = NAMES.get(linkType) ?? [`LINKTYPE ${linkType}`, "not one that ringcap knows"];
  return { linkType, name, description };
}

export function isRawIp(linkType: number): boolean {
  return RAW_IP.has(linkType);
}

/** Whether the filter finds its way through such packets. Without a filter every link type can be replayed. */
export function isFilterable(linkType: number): boolean {
  return linkType === ETHERNET || RAW_IP.has(linkType) || HOST_ONLY.has(linkType);
}
