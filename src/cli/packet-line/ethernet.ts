/** Frames that carry neither IP nor ARP. */
import { hex, type LineContext } from "./context.ts";

const ETHER_TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x8137, "IPX"],
  [0x8847, "MPLS unicast"],
  [0x8848, "MPLS multicast"],
  [0x8863, "PPPoE D"],
  [0x8864, "PPPoE S"],
  [0x888e, "EAPOL"],
  [0x88a2, "AoE"],
  [0x88cc, "LLDP"],
  [0x88e5, "802.1AE MACsec"],
  [0x88f7, "PTP"],
  [0x9000, "Loopback"],
]);

/** `02:…:01 > 02:…:02, ethertype LLDP (0x88cc), length 60` */
export function formatOtherFrame(context: LineContext): string {
  const { ethernet, problem } = context.packet;
  if (ethernet === undefined) return " [|ether]";
  if (problem !== undefined && ethernet.frameLength === undefined) return " [|vlan]";

  const addresses = `${ethernet.sourceAddress} > ${ethernet.destinationAddress}`;
  const length = `length ${context.originalLength}`;
  if (ethernet.etherType !== undefined) return `${addresses}, ${etherTypeText(ethernet.etherType, context)}, ${length}`;
  if (ethernet.llc === undefined) return `${addresses}, 802.3, ${length}: [|llc]`;
  const { destinationServiceAccessPoint, sourceServiceAccessPoint, control } = ethernet.llc;
  const llc = `dsap ${hex(destinationServiceAccessPoint, 2)}, ssap ${hex(sourceServiceAccessPoint, 2)}, ctrl ${hex(control, 2)}`;
  return `${addresses}, 802.3, ${length}: LLC, ${llc}`;
}

function etherTypeText(etherType: number, context: LineContext): string {
  const name = ETHER_TYPE_NAMES.get(etherType);
  const number = `(${hex(etherType, 4)})`;
  if (context.quiet) return name ?? `Unknown Ethertype ${number}`;
  return `ethertype ${name ?? "Unknown"} ${number}`;
}
