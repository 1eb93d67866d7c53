/** The options of the half-open view, which are checked before anything is opened. */

import { usageError } from "../errors.ts";
import type { ListOption } from "../filter/lists.ts";
import { parsePorts } from "../filter/ports.ts";
import { parseComms, parsePids } from "../filter/processes.ts";
import { numberIn, oneOf } from "../options/checks.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import type { Listener } from "./listener-table.ts";
import { DURATION_MAX } from "./options.ts";

/** Kinds are ANDed, the entries of one list are ORed. Lists are spelled as on the command line. */
export interface HalfOpenOptions {
  /** Ports that are listened on: "80,443,8000-8100". */
  port?: ListOption | undefined;
  pid?: ListOption | undefined;
  comm?: ListOption | undefined;
  /** The address family of the listening socket. A socket of IPv6 may accept IPv4 too. */
  ipVersion?: 4 | 6 | undefined;
  /** "all" (the default): of the whole host. "own": only of this process's network namespace. */
  namespace?: "all" | "own" | undefined;
  /** Seconds between two looks, default 1. */
  interval?: number | undefined;
  /** Ends after that many seconds. */
  duration?: number | undefined;
  /** Ends after that many looks. */
  count?: number | undefined;
  /** Ends the looking. */
  signal?: AbortSignal | undefined;
  /** Called when counting has begun. */
  onStart?: (() => void) | undefined;
}

export interface HalfOpenSettings {
  matches: (listener: Pick<Listener, "localPort" | "pid" | "comm" | "family">) => boolean;
  ownNamespace: boolean;
  intervalSeconds: number;
  durationSeconds: number;
  count: number;
  signal: AbortSignal | undefined;
  onStart: () => void;
}

const OPTIONS: Readonly<Record<keyof HalfOpenOptions, true>> = {
  port: true,
  pid: true,
  comm: true,
  ipVersion: true,
  namespace: true,
  interval: true,
  duration: true,
  count: true,
  signal: true,
  onStart: true,
};

/** @throws RingcapError USAGE that names the option */
export function checkHalfOpenOptions(options: HalfOpenOptions): HalfOpenSettings {
  refuseUnknown(options, OPTIONS);
  const ports = options.port === undefined ? undefined : parsePorts("port", options.port);
  const pids = options.pid === undefined ? undefined : parsePids(options.pid);
  const comms = options.comm === undefined ? undefined : parseComms(options.comm);
  return {
    matches: ({ localPort, pid, comm, family }) =>
      (ports === undefined || ports.some(({ first, last }) => localPort >= first && localPort <= last)) &&
      (pids === undefined || pids.includes(pid)) &&
      (comms === undefined || comms.includes(comm)) &&
      (options.ipVersion === undefined || options.ipVersion === family),
    ownNamespace: oneOf("namespace", options.namespace, ["all", "own"], "all") === "own",
    intervalSeconds: seconds("interval", options.interval ?? 1),
    durationSeconds: options.duration === undefined ? Infinity : seconds("duration", options.duration),
    count: numberIn("count", options.count, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    signal: options.signal,
    onStart: options.onStart ?? (() => {}),
  };
}

function seconds(option: string, value: number): number {
  if (value > 0 && value <= DURATION_MAX) return value;
  throw usageError(option, `"${value}" is not a number of seconds above 0 and up to ${DURATION_MAX}`);
}
