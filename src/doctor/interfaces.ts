/** The interfaces of this network namespace, and what can be done with each. Nothing is ever attached to find out. */

import { kernelError } from "../host/kernel-error.ts";
import { programName } from "../native/program.ts";
import { listInterfaces, type NetworkInterface, queryXdp, type XdpSlot } from "../native/system.ts";
import { linkTypeOf } from "../packets/link-types.ts";
import { findXdpLinkHolder, type LinkHolder } from "./link-holder.ts";
import { type TcProgram, tcProgramsOf } from "./tc-programs.ts";

/** The program that holds the XDP slot of an interface; there is one slot, and one program in it. */
export interface XdpOccupant {
  readonly mode: Exclude<XdpSlot["mode"], "none">;
  /** The number of the program; 0 in the mode "multi", where each mode has a program of its own. */
  readonly programId: number;
  /** Undefined where CAP_SYS_ADMIN is missing. */
  readonly programName?: string;
  readonly holder?: LinkHolder;
}

export interface InterfaceDescription {
  readonly name: string;
  readonly index: number;
  readonly up: boolean;
  /** Whether the interface is up and has a carrier. */
  readonly running: boolean;
  readonly loopback: boolean;
  /** ARPHRD_* of include/uapi/linux/if_arp.h. */
  readonly hardwareType: number;
  /** What its packets start with; null when ringcap cannot read them. */
  readonly linkType: { readonly number: number; readonly name: string } | null;
  /** Bytes. */
  readonly mtu: number;
  /**
   * The hooks: XDP for interfaces with an Ethernet header, and TC for all. Whether the driver has native XDP shows only
   * on attaching.
   */
  readonly hooks: readonly ("xdp" | "tc")[];
  /** Null when the slot is free; undefined when the kernel did not say. */
  readonly xdpOccupant: XdpOccupant | null | undefined;
  /** What stands at TC, as far as the kernel tells. */
  readonly tcPrograms: readonly TcProgram[];
  /** Whether XDP programs see frames without their VLAN tags. */
  readonly takesVlanTagsOut: boolean;
}

/** IFF_* of include/uapi/linux/if.h. */
const IFF_UP = 1 << 0;
const IFF_LOOPBACK = 1 << 3;
const IFF_RUNNING = 1 << 6;

/** @throws RingcapError KERNEL, as for want of a descriptor */
function presentInterfaces(): NetworkInterface[] {
  try {
    return listInterfaces();
  } catch (error) {
    throw kernelError("look at this host", error);
  }
}

/** @throws RingcapError INSTALLATION when the addon cannot be loaded, KERNEL when interfaces cannot be listed */
export function describeInterfaces(): InterfaceDescription[] {
  return presentInterfaces().map((found) =>
    describeInterface(found, xdpOccupantOf(found.index), tcProgramsOf(found.index)),
  );
}

export function describeInterface(
  found: NetworkInterface,
  xdpOccupant: InterfaceDescription["xdpOccupant"],
  tcPrograms: readonly TcProgram[] = [],
): InterfaceDescription {
  const { name, index, hardwareType, flags, mtu, takesVlanTagsOut } = found;
  const link = linkTypeOf(hardwareType);
  return {
    name,
    index,
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0,
    loopback: (flags & IFF_LOOPBACK) !== 0,
    hardwareType,
    linkType: link === undefined ? null : { number: link.linkType, name: link.name },
    mtu,
    hooks: hooksOf(link?.linkLayer),
    xdpOccupant,
    tcPrograms,
    takesVlanTagsOut,
  };
}

function hooksOf(linkLayer: "ethernet" | "none" | undefined): InterfaceDescription["hooks"] {
  if (linkLayer === undefined) return [];
  return linkLayer === "ethernet" ? ["xdp", "tc"] : ["tc"];
}

function xdpOccupantOf(interfaceIndex: number): InterfaceDescription["xdpOccupant"] {
  let slot: XdpSlot;
  try {
    slot = queryXdp(interfaceIndex);
  } catch {
    return undefined; // it has gone meanwhile, or the kernel is older than XDP
  }
  const { mode, programId } = slot;
  if (mode === "none") return null;
  const name = programName(programId);
  const holder = findXdpLinkHolder(programId);
  return {
    mode,
    programId,
    ...(name === undefined ? {} : { programName: name }),
    ...(holder === undefined ? {} : { holder }),
  };
}
