/** Where a generated program runs, and how it finds the packet there. */
import type { AncillaryField } from "../classic/instruction.ts";

export type FilterHook = "xdp" | "tc-ingress" | "tc-egress";

export interface Placement {
  readonly hook: FilterHook;
  /** What packets start with, for the program: "none" is an IP header. */
  readonly linkLayer: "ethernet" | "none";
  /** Bytes in front of the packet that the expression does not know: 14 where raw IP was given an Ethernet header. */
  readonly origin: number;
}

/** The values beside a packet that a program can read. At XDP there is no socket buffer yet. */
const AT_XDP: ReadonlySet<AncillaryField> = new Set(["ifindex", "cpu", "random"]);
const AT_TC: ReadonlySet<AncillaryField> = new Set([
  "protocol",
  "pkttype",
  "ifindex",
  "mark",
  "queue",
  "rxhash",
  "cpu",
  "random",
  "vlan-tag",
  "vlan-tag-present",
  "vlan-tpid",
]);

export function hasAncillary(hook: FilterHook, field: AncillaryField): boolean {
  return (hook === "xdp" ? AT_XDP : AT_TC).has(field);
}

/** Whether an Ethernet frame may have to be put together to be as it was on the wire. */
export function isOnTheWire({ hook, linkLayer, origin }: Placement): boolean {
  return hook !== "xdp" && linkLayer === "ethernet" && origin === 0;
}
