/**
 * Words options as the command line does. The library names them as they are written in TypeScript, at the beginning of
 * a message and, in a text, between backticks: `hook: "tc"` becomes --hook tc.
 */
import type { RingcapError } from "../errors.ts";

/** Flags that do not follow from the option's name by hyphens. */
const FLAGS: Readonly<Record<string, string>> = {
  interfaces: "--interface",
  sourcePort: "--src-port",
  destinationPort: "--dst-port",
  sourceHost: "--src-host",
  destinationHost: "--dst-host",
  network: "--net",
  sourceNetwork: "--src-net",
  destinationNetwork: "--dst-net",
  protocol: "--proto",
  packetsPerSecond: "--pps",
  counts: "--by",
  allowDefaultRoute: "--yes",
  // These options have no flags, because they are words of the command line.
  expression: "expression",
  filter: "filter",
};

/** Options that texts of the library name without a value. */
const ALONE: ReadonlySet<string> = new Set([
  ...Object.keys(FLAGS),
  ...[
    "action",
    "count",
    "process",
    "pid",
    "comm",
    "onlyCommand",
    "bufferSize",
    "promiscuous",
    "topspeed",
    "multiplier",
    "interface",
    "port",
    "host",
    "vlan",
    "user",
    "write",
    "rotateSize",
  ],
]);

/** Returns the flag of an option: --snapshot-length for snapshotLength. */
export function flagOf(option: string): string {
  if (option.startsWith("-")) return option;
  return FLAGS[option] ?? `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Returns a text of the library in the words of the command line. */
export function inFlags(text: string): string {
  return text.replace(
    /`([a-z][A-Za-z]*)(?:: (?:"([^"`]*)"|(true|\d+)))?`/g,
    (mention, option: string, quoted: string | undefined, bare: string | undefined) => {
      const value = quoted ?? bare;
      if (option === "ipVersion" && bare !== undefined) return `-${bare}`;
      if (value === undefined) return ALONE.has(option) ? flagOf(option) : mention;
      return bare === "true" ? flagOf(option) : `${flagOf(option)} ${value}`;
    },
  );
}

/**
 * Returns the message of an error in the words of the command line. The message begins with the option that it is
 * about.
 */
export function messageInFlags({ message, option }: Pick<RingcapError, "message" | "option">): string {
  if (option === undefined || !message.startsWith(`${option}: `)) return inFlags(message);
  return `${flagOf(option)}${inFlags(message.slice(option.length))}`;
}
