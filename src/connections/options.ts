/** The options of a session that follows connections, which are checked before anything is opened. */

import { usageError } from "../errors.ts";
import { type CompiledFilter, compileFilter } from "../filter/filter.ts";
import type { ListOption } from "../filter/lists.ts";
import { parseComms, parsePids } from "../filter/processes.ts";
import { numberIn, oneOf } from "../options/checks.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";

/** Kinds are ANDed, the entries of one list are ORed. Lists are spelled as on the command line. */
export interface ConnectionsOptions {
  /** Local or remote port: "80,443,8000-8100". */
  port?: ListOption | undefined;
  /** Local or remote address, IPv4 or IPv6. */
  host?: ListOption | undefined;
  /** Local or remote network. */
  network?: ListOption | undefined;
  /** The version of the addresses. IPv4 on a socket of IPv6 is 4. */
  ipVersion?: 4 | 6 | undefined;
  /** Process ids, in the initial PID namespace. */
  pid?: ListOption | undefined;
  /** Names of processes, as in /proc/<pid>/comm: at most 15 bytes. */
  comm?: ListOption | undefined;
  /** "all" (the default): of the whole host, containers included. "own": only of this process's network namespace. */
  namespace?: "all" | "own" | undefined;
  /** Whether every change of state is told, and not ends alone. */
  events?: boolean | undefined;
  /** Adds command line, parent, cgroup and container of the process. */
  details?: boolean | undefined;
  /** Ends the session after that many seconds. */
  duration?: number | undefined;
  /** Ends the session after that many events. */
  count?: number | undefined;
  /** Connections that are remembered at a time; the least recently used make room for others, and are counted. */
  maxConnections?: number | undefined;
  /** MiB of the ring between kernel and user space, rounded up to a power of two; default 8. */
  bufferSize?: number | undefined;
  /** Ends the session as stop() does. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error. */
  onNote?: ((note: string) => void) | undefined;
}

export interface ConnectionsSettings {
  filter: CompiledFilter;
  pids: readonly number[];
  comms: readonly string[];
  ownNamespace: boolean;
  events: boolean;
  details: boolean;
  durationSeconds: number;
  count: number;
  maxConnections: number;
  /** Bytes, a power of two. */
  ringSize: number;
  signal: AbortSignal | undefined;
  onNote: (note: string) => void;
}

const OPTIONS: Readonly<Record<keyof ConnectionsOptions, true>> = {
  port: true,
  host: true,
  network: true,
  ipVersion: true,
  pid: true,
  comm: true,
  namespace: true,
  events: true,
  details: true,
  duration: true,
  count: true,
  maxConnections: true,
  bufferSize: true,
  signal: true,
  onNote: true,
};

const MEBIBYTE = 1 << 20;
/** The longest time of a timer of Node.js: 2^31 - 1 ms. */
export const DURATION_MAX = 2_147_483;

/** @throws RingcapError USAGE that names the option */
export function checkConnectionsOptions(options: ConnectionsOptions): ConnectionsSettings {
  refuseUnknown(options, OPTIONS);
  const duration = options.duration ?? Number.POSITIVE_INFINITY;
  if (!(duration > 0) || (duration > DURATION_MAX && duration !== Number.POSITIVE_INFINITY)) {
    throw usageError("duration", `"${duration}" is not a number of seconds above 0 and up to ${DURATION_MAX}`);
  }
  const { port, host, network, ipVersion } = options;
  return {
    filter: compileFilter({ port, host, network, ipVersion }),
    pids: options.pid === undefined ? [] : parsePids(options.pid),
    comms: options.comm === undefined ? [] : parseComms(options.comm),
    ownNamespace: oneOf("namespace", options.namespace, ["all", "own"], "all") === "own",
    events: options.events ?? false,
    details: options.details ?? false,
    durationSeconds: duration,
    count: numberIn("count", options.count, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    maxConnections: numberIn("maxConnections", options.maxConnections, 65_536, 1024, 16_777_216),
    ringSize: 2 ** Math.ceil(Math.log2(numberIn("bufferSize", options.bufferSize, 8, 1, 1024))) * MEBIBYTE,
    signal: options.signal,
    onNote: options.onNote ?? (() => {}),
  };
}
