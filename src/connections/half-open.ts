/** Shows how far a SYN flood gets: the half-open connections of each listener, at regular intervals. */
import { setTimeout as pause } from "node:timers/promises";
import { type ListenPressure, readListenPressure } from "../host/listen-pressure.ts";
import { ownNetworkNamespace } from "../native/kernel-files.ts";
import { checkHalfOpenOptions, type HalfOpenOptions, type HalfOpenSettings } from "./half-open-options.ts";
import { ListenerTable } from "./listener-table.ts";

/** One port of one address, with all that listen there. */
export interface HalfOpenPort {
  /**
   * A process that has the listening socket, in the initial PID namespace; where several listen at the port, of one of
   * them.
   */
  pid: number;
  /** Real user id of that process. */
  uid: number;
  /** The name of that process, at most 15 bytes. */
  comm: string;
  /** The address family of the listening socket. A socket of IPv6 may accept IPv4 too. */
  family: 4 | 6;
  /** The address that is listened on, in text. */
  localAddress: string;
  /** The port that is listened on. */
  localPort: number;
  /** Inode number of the network namespace, as in /proc/<pid>/ns/net. */
  networkNamespace: number;
  /** Connections in SYN_RECV now. */
  synReceived: number;
  /** SYNs that reached the port since the last look. */
  syns: number;
  /** `syns` over the seconds since the last look, rounded to a whole number. */
  synsPerSecond: number;
  /** SYN cookies sent since the last look, by all ports of the network namespace: the kernel counts them together. */
  synCookiesSent: number;
  /** Connections that wait for accept(2) now. */
  acceptQueue: number;
  /** The most connections that may wait for accept(2). */
  acceptQueueLimit: number;
  /** Handshakes that found the accept queue full since the last look, of all ports of the network namespace. */
  acceptQueueOverflows: number;
  /** SYNs and handshakes that the port had no room for since the last look. */
  drops: number;
}

/** One look at the listeners. */
export interface HalfOpenView {
  /** Nanoseconds since the epoch. */
  timestamp: bigint;
  /** Seconds since the last look. */
  seconds: number;
  /** The ports, those with the most SYNs first. */
  ports: HalfOpenPort[];
}

/** What one look must remember so that the next look can tell the changes. */
interface Look {
  at: number;
  ports: Map<string, { syns: number; drops: number; port: HalfOpenPort }>;
  namespaces: Map<number, ListenPressure>;
}

/**
 * Looks at the listeners every so many seconds, first after that time.
 *
 * @throws RingcapError USAGE, PRIVILEGE or KERNEL
 */
export async function* halfOpen(options: HalfOpenOptions = {}): AsyncGenerator<HalfOpenView, void, undefined> {
  const settings = checkHalfOpenOptions(options);
  settings.signal?.throwIfAborted();
  using table = ListenerTable.open();
  const end = performance.now() + settings.durationSeconds * 1000;
  let last = look(table, settings);
  settings.onStart();
  for (let views = 0; views < settings.count; views++) {
    const wait = Math.min(settings.intervalSeconds * 1000, end - performance.now());
    try {
      await pause(Math.max(0, wait), undefined, { signal: settings.signal });
    } catch {
      return;
    }
    const now = look(table, settings);
    yield changes(last, now);
    last = now;
    if (performance.now() >= end) return;
  }
}

function look(table: ListenerTable, settings: HalfOpenSettings): Look {
  const own = settings.ownNamespace ? ownNetworkNamespace() : undefined;
  const result: Look = { at: performance.now(), ports: new Map(), namespaces: new Map() };
  for (const { cookie: _, syns, drops, ...listener } of table.read()) {
    if (own !== undefined && listener.networkNamespace !== own) continue;
    if (!settings.matches(listener)) continue;
    const { networkNamespace, localAddress, localPort } = listener;
    if (!result.namespaces.has(networkNamespace)) {
      const counted = readListenPressure(listener.pid);
      if (counted !== undefined) result.namespaces.set(networkNamespace, counted);
    }
    const key = `${networkNamespace} ${localAddress} ${localPort}`;
    const same = result.ports.get(key);
    if (same === undefined) {
      const sinceLast = { syns: 0, synsPerSecond: 0, synCookiesSent: 0, acceptQueueOverflows: 0, drops: 0 };
      result.ports.set(key, { syns, drops, port: { ...listener, ...sinceLast } });
    } else {
      // Listeners that share a port (SO_REUSEPORT).
      same.syns += syns;
      same.drops += drops;
      for (const name of ["synReceived", "acceptQueue", "acceptQueueLimit"] as const) same.port[name] += listener[name];
    }
  }
  return result;
}

function changes(last: Look, now: Look): HalfOpenView {
  const seconds = (now.at - last.at) / 1000;
  const ports = [...now.ports].map(([key, { syns, drops, port }]) => {
    const before = last.ports.get(key) ?? { syns: 0, drops: 0 };
    // A listener that was opened anew counts from 0.
    const since = (value: number, earlier: number) => (value >= earlier ? value - earlier : value);
    const counted = now.namespaces.get(port.networkNamespace);
    const countedBefore = last.namespaces.get(port.networkNamespace) ?? counted;
    port.syns = since(syns, before.syns);
    port.synsPerSecond = Math.round(port.syns / seconds);
    port.drops = since(drops, before.drops);
    port.synCookiesSent = (counted?.cookiesSent ?? 0) - (countedBefore?.cookiesSent ?? 0);
    port.acceptQueueOverflows = (counted?.listenOverflows ?? 0) - (countedBefore?.listenOverflows ?? 0);
    return port;
  });
  ports.sort((a, b) => b.syns - a.syns || b.synReceived - a.synReceived || a.localPort - b.localPort);
  return { timestamp: BigInt(Date.now()) * 1_000_000n, seconds, ports };
}
