/** Which interfaces to capture from, by name or by the default route. */
import { readFileSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import { listInterfaces, type NetworkInterface } from "../libbpf/system.ts";
import { type LinkType, linkTypeOf } from "./link-types.ts";

export interface CaptureInterface extends NetworkInterface {
  link: LinkType;
  up: boolean;
}

/** IFF_UP of include/uapi/linux/if.h. */
const IFF_UP = 1;

/** @throws RingcapError INTERFACE for a name that does not exist, or hardware whose frames cannot be read */
export function findInterfaces(names: readonly string[]): CaptureInterface[] {
  const wanted = names.length > 0 ? names : [defaultInterface()];
  const present = listInterfaces();
  return wanted.map((name) => describe(name, present));
}

function describe(name: string, present: readonly NetworkInterface[]): CaptureInterface {
  const found = present.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const names = present.map((candidate) => candidate.name).join(", ");
    throw interfaceError(name, "there is no such interface", `choose one of ${names}`);
  }
  const link = linkTypeOf(found.hardwareType);
  if (link === undefined) {
    throw interfaceError(name, `its hardware type ${found.hardwareType} is neither Ethernet nor plain IP`);
  }
  return { ...found, link, up: (found.flags & IFF_UP) !== 0 };
}

function interfaceError(name: string, message: string, hint?: string): RingcapError {
  const operation = `capture from ${name}`;
  return new RingcapError(`${operation}: ${message}`, { code: "INTERFACE", operation, hint });
}

/** The interface of the default route, IPv4 before IPv6 (proc_net_route(5)). */
function defaultInterface(): string {
  const name = defaultRoute("/proc/net/route", ipv4Route) ?? defaultRoute("/proc/net/ipv6_route", ipv6Route);
  if (name !== undefined) return name;
  const operation = "choose an interface";
  throw new RingcapError(`${operation}: there is no default route`, {
    code: "INTERFACE",
    operation,
    hint: "name one with -i; `ringcap -D` lists them",
  });
}

interface Route {
  interface: string;
  metric: number;
}

function defaultRoute(path: string, parse: (fields: string[]) => Route | undefined): string | undefined {
  let table: string;
  try {
    table = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const routes = table.split("\n").flatMap((line) => parse(line.trim().split(/\s+/)) ?? []);
  return routes.sort((a, b) => a.metric - b.metric)[0]?.interface;
}

function ipv4Route(fields: string[]): Route | undefined {
  const [name, destination, , , , , metric, mask] = fields;
  if (name === undefined || destination !== "00000000" || mask !== "00000000") return undefined;
  return { interface: name, metric: Number(metric) };
}

function ipv6Route(fields: string[]): Route | undefined {
  const [destination, prefixLength, , , , metric, , , , name] = fields;
  if (name === undefined || name === "lo" || prefixLength !== "00" || !/^0{32}$/.test(destination ?? "")) {
    return undefined;
  }
  return { interface: name, metric: Number.parseInt(metric ?? "0", 16) };
}
