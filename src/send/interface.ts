/** Where frames are sent to: found, checked, and its counters read. */
import { readFileSync } from "node:fs";
import { defaultInterfaces } from "../capture/default-route.ts";
import { type CaptureInterface, findInterface, interfaceError } from "../capture/interfaces.ts";
import { usageError } from "../errors.ts";
import { ETHERNET, isRawIp } from "../replay/link-types.ts";

export type SendInterface = CaptureInterface;

/** @throws RingcapError INTERFACE when it is missing or down, USAGE when it is a default route's */
export function findSendInterface(name: string, allowDefaultRoute: boolean): SendInterface {
  const operation = `send to ${name}`;
  const target = findInterface(name, operation);
  if (!target.up) throw interfaceError(operation, "the interface is down", `bring it up: ip link set ${name} up`);
  if (!allowDefaultRoute && defaultInterfaces().includes(target.name)) {
    throw usageError(
      "--interface",
      `"${name}" is the interface of a default route: what is sent there leaves this machine`,
      "add --yes if that is wanted",
    );
  }
  return target;
}

/** Ethernet goes to Ethernet, bare IP to interfaces without a link layer. */
export function takesLinkType(target: SendInterface, linkType: number): boolean {
  return target.link.linkLayer === "ethernet" ? linkType === ETHERNET : isRawIp(linkType);
}

/** Frames that the driver dropped on their way out, of whoever sent them; undefined when it is gone (proc_net_dev(5)). */
export function transmitDrops(name: string): number | undefined {
  const line = readFileSync("/proc/self/net/dev", "utf8")
    .split("\n")
    .find((candidate) => candidate.trimStart().startsWith(`${name}:`));
  const fields = line
    ?.slice(line.indexOf(":") + 1)
    .trim()
    .split(/\s+/);
  return fields === undefined ? undefined : Number(fields[TRANSMIT_DROPS]);
}

/** Eight fields of what was received, then bytes, packets, errors and drops. */
const TRANSMIT_DROPS = 11;
