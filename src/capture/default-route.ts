/** Which interfaces the default routes of this network namespace go through. */
import { readFileSync } from "node:fs";
import { RingcapError } from "../errors.ts";

/** The interface of the default route, IPv4 before IPv6. @throws RingcapError INTERFACE when there is none */
export function defaultInterface(): string {
  const [name] = defaultInterfaces();
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

/** Those of all default routes, of the main table, the preferred ones first (proc_net_route(5)). */
export function defaultInterfaces(): string[] {
  return [...defaultRoutes("/proc/net/route", ipv4Route), ...defaultRoutes("/proc/net/ipv6_route", ipv6Route)];
}

function defaultRoutes(path: string, parse: (fields: string[]) => Route | undefined): string[] {
  let table: string;
  try {
    table = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const routes = table.split("\n").flatMap((line) => parse(line.trim().split(/\s+/)) ?? []);
  return routes.sort((a, b) => a.metric - b.metric).map((route) => route.interface);
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
