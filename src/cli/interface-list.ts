/** The list of `ringcap -D`, in the form of `tcpdump -D`. */
import {
  describeInterfaces,
  describeOccupant,
  describeTcPrograms,
  type InterfaceDescription,
} from "../doctor/index.ts";
import { printable } from "../outputs/index.ts";

/**
 * Returns lines such as `1.v0 [Up, Running, link-type EN10MB, xdp, tc]`, each with a newline at its end.
 *
 * @throws RingcapError INSTALLATION when the addon cannot be loaded
 */
export function formatInterfaceList(interfaces: readonly InterfaceDescription[] = describeInterfaces()): string {
  return interfaces.map((description, position) => `${position + 1}.${formatInterface(description)}\n`).join("");
}

function formatInterface(description: InterfaceDescription): string {
  const { name, up, running, loopback, linkType, hardwareType, hooks, xdpOccupant, tcPrograms } = description;
  const properties = [
    up ? "Up" : "Down",
    ...(running ? ["Running"] : []),
    ...(loopback ? ["Loopback"] : []),
    linkType === null ? `link-type unsupported (ARPHRD ${hardwareType})` : `link-type ${linkType.name}`,
    ...hooks,
    ...(xdpOccupant ? [`XDP slot taken by ${describeOccupant(xdpOccupant)}`] : []),
    ...(tcPrograms.length > 0 ? [`TC ${describeTcPrograms(tcPrograms)}`] : []),
  ];
  return printable(`${name} [${properties.join(", ")}]`);
}
