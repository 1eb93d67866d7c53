/** Finds and checks the interface through which frames are sent. */

import { usageError } from "../errors.ts";
import { defaultInterfaces } from "../host/default-route.ts";
import { type CaptureInterface, findInterface, interfaceError } from "../host/interfaces.ts";
import { ETHERNET, isRawIp } from "../packets/link-type-names.ts";

const SEVERAL_HINT = "name one: ringcap -D lists them; for several start one `ringcap send` each";

export type SendInterface = CaptureInterface;

/** @throws RingcapError INTERFACE when it is missing or down, USAGE when it is a default route's */
export function findSendInterface(name: string, allowDefaultRoute: boolean): SendInterface {
  const operation = `send to ${name}`;
  if (name === "any") throw interfaceError(operation, "frames leave through one interface", SEVERAL_HINT);
  const target = findInterface(name, operation);
  if (!target.up) throw interfaceError(operation, "the interface is down", `bring it up: ip link set ${name} up`);
  if (!allowDefaultRoute && defaultInterfaces().includes(target.name)) {
    throw usageError(
      "interface",
      `"${name}" is the interface of a default route: what is sent there leaves this machine`,
      "add `allowDefaultRoute: true` if that is wanted",
    );
  }
  return target;
}

/** Ethernet frames can be sent to Ethernet interfaces, and bare IP packets to interfaces without a link layer. */
export function takesLinkType(target: SendInterface, linkType: number): boolean {
  return target.link.linkLayer === "ethernet" ? linkType === ETHERNET : isRawIp(linkType);
}
