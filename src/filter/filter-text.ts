/** What packets are chosen by, for readers of a file. */
import type { FilterOptions } from "./filter.ts";
import type { ListOption } from "./lists.ts";

interface Choice extends FilterOptions {
  pid?: ListOption | undefined;
  comm?: ListOption | undefined;
}

/** In the order in which the help has them. */
const FLAGS: Readonly<Record<keyof Omit<Choice, "expression" | "ipVersion">, string>> = {
  port: "--port",
  sourcePort: "--src-port",
  destinationPort: "--dst-port",
  tcpFlags: "--tcp-flags",
  protocol: "--proto",
  host: "--host",
  sourceHost: "--src-host",
  destinationHost: "--dst-host",
  network: "--net",
  sourceNetwork: "--src-net",
  destinationNetwork: "--dst-net",
  vlan: "--vlan",
  pid: "--pid",
  comm: "--comm",
};

/** As it is typed on the command line, the expression last and as it was given: an expression alone is nothing but itself. */
export function filterText(options: Choice): string | undefined {
  const words = Object.entries(FLAGS).flatMap(([key, flag]) => {
    const value = options[key as keyof typeof FLAGS];
    return value === undefined ? [] : [`${flag} ${[value].flat().join(",")}`];
  });
  if (options.ipVersion !== undefined) words.push(`-${options.ipVersion}`);
  if (options.expression !== undefined && options.expression.trim() !== "") words.push(options.expression);
  return words.length === 0 ? undefined : words.join(" ");
}
