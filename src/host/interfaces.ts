/** Which interfaces to capture from, by name or by the default route. */
import { RingcapError, usageError } from "../errors.ts";
import { interfaceIndexOf, listInterfaces, type NetworkInterface } from "../native/system.ts";
import { nearest } from "../options/index.ts";
import { type LinkType, linkTypeOf } from "../packets/link-types.ts";
import { defaultInterface } from "./default-route.ts";

export interface CaptureInterface extends NetworkInterface {
  link: LinkType;
  up: boolean;
  /** A loopback interface: what it sends comes in again. */
  loopback: boolean;
}

/** IFF_* of include/uapi/linux/if.h. */
const IFF_UP = 1 << 0;
const IFF_LOOPBACK = 1 << 3;

/** The name that stands for all interfaces that are up. */
const ANY = "any";

/**
 * @param names of interfaces, alternative names (ip link property add altname), numbers in the order of listInterfaces()
 *   from 1 on, or "any": all that are up and whose frames can be read
 * @throws RingcapError INTERFACE for a name that does not exist, or hardware whose frames cannot be read
 */
export function findInterfaces(names: readonly string[]): CaptureInterface[] {
  const wanted = names.length > 0 ? names : [defaultInterface()];
  const present = listInterfaces();
  const found = wanted.flatMap((name) =>
    name === ANY ? readableInterfaces(present) : [describe(name, present, `capture from ${name}`)],
  );
  const twice = found.find(({ index }, position) => found.findIndex((other) => other.index === index) !== position);
  if (twice !== undefined) throw usageError("interfaces", `${twice.name} is given twice`);
  return found;
}

function readableInterfaces(present: readonly NetworkInterface[]): CaptureInterface[] {
  const readable = present.filter(({ flags, hardwareType }) => (flags & IFF_UP) !== 0 && linkTypeOf(hardwareType));
  if (readable.length === 0) throw interfaceError("capture from any", "no interface is up", "ip link set <name> up");
  return readable.map(({ name }) => describe(name, present, `capture from ${name}`));
}

/** @param operation what it is for, in errors @throws RingcapError INTERFACE as findInterfaces */
export function findInterface(name: string, operation: string): CaptureInterface {
  return describe(name, listInterfaces(), operation);
}

function describe(name: string, present: readonly NetworkInterface[], operation: string): CaptureInterface {
  const found = byName(name, present);
  if (found === undefined) {
    const names = present.map((candidate) => candidate.name);
    const near = nearest(name, names);
    const meant = near === undefined ? "" : `did you mean ${near}? `;
    throw interfaceError(operation, "there is no such interface", `${meant}choose one of ${names.join(", ")}`);
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

function byName(name: string, present: readonly NetworkInterface[]): NetworkInterface | undefined {
  const named = present.find((candidate) => candidate.name === name);
  if (named !== undefined) return named;
  const index = interfaceIndexOf(name);
  if (index !== undefined) return present.find((candidate) => candidate.index === index);
  return /^[1-9]\d*$/.test(name) ? present[Number(name) - 1] : undefined;
}

export function interfaceError(operation: string, message: string, hint?: string): RingcapError {
  return new RingcapError(`${operation}: ${message}`, { code: "INTERFACE", operation, hint });
}
