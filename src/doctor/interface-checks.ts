/** Checks what prevents a capture on one interface. None of it keeps ringcap from capturing on others. */
import type { Check } from "./check.ts";
import type { InterfaceDescription, XdpOccupant } from "./interfaces.ts";
import { describeTcPrograms } from "./tc-programs.ts";

export function checkInterface(description: InterfaceDescription): Check[] {
  if (description.linkType === null) return [checkLinkType(description)];
  const checks = [checkState(description), checkLinkType(description), ...checkTc(description)];
  return description.hooks.includes("xdp")
    ? [...checks, checkXdpSlot(description), checkVlanTags(description)]
    : checks;
}

/** Names what stands at TC. A capture there goes in front of it. */
function checkTc({ tcPrograms }: InterfaceDescription): Check[] {
  if (tcPrograms.length === 0) return [];
  return [{ name: "TC programs", status: "ok", finding: `at TC ${describeTcPrograms(tcPrograms)}` }];
}

function checkState({ name: device, up, running }: InterfaceDescription): Check {
  const name = "state";
  if (!up) {
    return { name, status: "warning", finding: "down: no packets come", remedy: `ip link set dev ${device} up` };
  }
  return { name, status: "ok", finding: running ? "up" : "up, without a carrier" };
}

function checkLinkType({ linkType, hardwareType, hooks }: InterfaceDescription): Check {
  const name = "link type";
  if (linkType === null) {
    const finding = `hardware type ${hardwareType} (ARPHRD) is neither Ethernet nor plain IP: it cannot be captured from`;
    return { name, status: "warning", finding };
  }
  const only = hooks.includes("xdp") ? "" : ", at TC only: there is no link header";
  return { name, status: "ok", finding: `${linkType.name}${only}` };
}

/** "transmit_frame" (program 12, native), held by process 345 (node) */
export function describeOccupant({ mode, programId, programName, holder }: XdpOccupant): string {
  if (mode === "multi") return "several programs, one for each mode";
  const program =
    programName === undefined ? `program ${programId} (${mode})` : `${programName} (program ${programId}, ${mode})`;
  return holder === undefined ? program : `${program}, held by process ${holder.processId} (${holder.command})`;
}

/** The word of ip-link(8) for the mode. Detaching looks only at the slot of that mode. */
const IP_LINK_WORDS = { native: "xdp", generic: "xdpgeneric", hardware: "xdpoffload" } as const;

function checkXdpSlot({ name: device, xdpOccupant }: InterfaceDescription): Check {
  const name = "XDP slot";
  if (xdpOccupant === undefined) return { name, status: "warning", finding: "not known", remedy: "use --hook tc" };
  if (xdpOccupant === null) return { name, status: "ok", finding: "XDP slot is free" };
  const finding = `taken by ${describeOccupant(xdpOccupant)}`;
  const { mode, holder } = xdpOccupant;
  const beside = "--hook tc works beside it";
  if (holder !== undefined)
    return { name, status: "warning", finding, remedy: `${beside}; it goes when that process ends` };
  if (mode === "multi") return { name, status: "warning", finding, remedy: `${beside}; \`bpftool net\` lists them` };
  const remedy = `${beside}; if it should go: \`ip link set dev ${device} ${IP_LINK_WORDS[mode]} off\``;
  return { name, status: "warning", finding, remedy };
}

function checkVlanTags({ name: device, takesVlanTagsOut }: InterfaceDescription): Check {
  const name = "VLAN tags";
  if (!takesVlanTagsOut) return { name, status: "ok", finding: "VLAN tags stay in the frames" };
  const finding = "taken out of the frames before XDP programs see them";
  return { name, status: "warning", finding, remedy: `use --hook tc, or \`ethtool -K ${device} rxvlan off\`` };
}
