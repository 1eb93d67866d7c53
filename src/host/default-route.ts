/** Which interfaces the default routes of this network namespace go through. */
import { readFileSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import { readRoutes } from "../native/kernel-files.ts";

/** The interface of the default route, IPv4 before IPv6. @throws RingcapError INTERFACE when there is none */
export function defaultInterface(): string {
  const [name] = defaultInterfaces();
  if (name !== undefined) return name;
  const operation = "choose an interface";
  throw new RingcapError(`${operation}: there is no default route`, {
    code: "INTERFACE",
    operation,
    hint: "name one with `interfaces`; `ringcap -D` lists them",
  });
}

interface Route {
  interface: string;
  metric: number;
}

/**
 * The interfaces of all default routes of the main table, the preferred ones first.
 *
 * @throws RingcapError KERNEL without /proc, where none may be taken for there being none
 */
export function defaultInterfaces(): string[] {
  return [...defaultRoutes(readRoutes(), ipv4Route), ...defaultRoutes(ipv6Routes(), ipv6Route)];
}

function defaultRoutes(table: string, parse: (fields: string[]) => Route | undefined): string[] {
  const routes = table.split("\n").flatMap((line) => parse(line.trim().split(/\s+/)) ?? []);
  return routes.sort((a, b) => a.metric - b.metric).map((route) => route.interface);
}

/** The list is empty where the kernel has no IPv6. */
function ipv6Routes(): string {
  try {
    return readFileSync("/proc/net/ipv6_route", "utf8");
  } catch {
    return "";
  }
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
