/** What packets of capture files start with, and which engines take them. */

import { usageError } from "../errors.ts";
import type { LinkType } from "./link-types.ts";

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
/** Link types that native/host_link.cc reads besides. */
const HOST_ONLY: ReadonlySet<number> = new Set([0, 105, 108, 113, 127, 276]);

export type ReplayLinkType = Pick<LinkType, "linkType" | "name" | "description">;

export function describeLinkType(linkType: number): ReplayLinkType {
  const [name, description] = NAMES.get(linkType) ?? [`LINKTYPE ${linkType}`, "not one that ringcap knows"];
  return { linkType, name, description };
}

/** @throws RingcapError USAGE for a name that is not known; numbers are taken as they are */
export function linkTypeNamed(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  const wanted = text.toUpperCase().replace(/^(LINKTYPE|DLT)_/, "");
  // Where several numbers have one name, the last is the one that is written today.
  const found = [...NAMES].findLast(([, [name]]) => name === wanted)?.[0];
  if (found !== undefined) return found;
  const names = [...new Set([...NAMES.values()].map(([name]) => name))];
  throw usageError("linkType", `"${text}" is not a link type`, `write a number, or one of ${names.join(", ")}`);
}

export function isRawIp(linkType: number): boolean {
  return RAW_IP.has(linkType);
}

/** Whether the filter finds its way through such packets. Without a filter every link type can be replayed. */
export function isFilterable(linkType: number): boolean {
  return linkType === ETHERNET || RAW_IP.has(linkType) || HOST_ONLY.has(linkType);
}
