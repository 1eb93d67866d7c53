/** Which interfaces to capture from, by name or by the default route. */
import { RingcapError } from "../errors.ts";
import { listInterfaces, type NetworkInterface } from "../libbpf/system.ts";
import { defaultInterface } from "./default-route.ts";
import { type LinkType, linkTypeOf } from "./link-types.ts";

export interface CaptureInterface extends NetworkInterface {
  link: LinkType;
  up: boolean;
  /** What it sends comes in again. */
  loopback: boolean;
}

/** IFF_* of include/uapi/linux/if.h. */
const IFF_UP = 1 << 0;
const IFF_LOOPBACK = 1 << 3;

/** @throws RingcapError INTERFACE for a name that does not exist, or hardware whose frames cannot be read */
export function findInterfaces(names: readonly string[]): CaptureInterface[] {
  const wanted = names.length > 0 ? names : [defaultInterface()];
  const present = listInterfaces();
  return wanted.map((name) => describe(name, present, `capture from ${name}`));
}

/** @param operation what it is for, in errors @throws RingcapError INTERFACE as findInterfaces */
export function findInterface(name: string, operation: string): CaptureInterface {
  return describe(name, listInterfaces(), operation);
}

function describe(name: string, present: readonly NetworkInterface[], operation: string): CaptureInterface {
  const found = present.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const names = present.map((candidate) => candidate.name).join(", ");
    throw interfaceError(operation, "there is no such interface", `choose one of ${names}`);
  }
  const link = linkTypeOf(found.hardwareType);
  if (link === undefined) {
    throw interfaceError(operation, `its hardware type ${found.hardwareType} is neither Ethernet nor plain IP`);
  }
  return {
    ...found,
    link,
    up: (found.flags & IFF_UP) !== 0,
    loopback: (found.flags & IFF_LOOPBACK) !== 0,
  };
}

export function interfaceError(operation: string, message: string, hint?: string): RingcapError {
  return new RingcapError(`${operation}: ${message}`, { code: "INTERFACE", operation, hint });
}
