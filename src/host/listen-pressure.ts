/** What the kernel counts of the listening sockets of a network namespace: the TcpExt lines of /proc/<pid>/net/netstat. */
import { readFileSync } from "node:fs";

/** Since the namespace was made (Documentation/networking/snmp_counter.rst). What a kernel does not count is 0. */
export interface ListenPressure {
  /** Handshakes that ended while the accept queue was full (ListenOverflows). */
  readonly listenOverflows: number;
  /** SYNs and handshakes that a listening socket had no room for, the overflows among them (ListenDrops). */
  readonly listenDrops: number;
  /** SYNs that were answered with a cookie, without remembering them (SyncookiesSent). */
  readonly cookiesSent: number;
}

/**
 * Reads the counters of a process's network namespace.
 *
 * @param pid of any process in the namespace; without it, that of this process
 * @returns undefined where the process is gone, or /proc is not mounted
 */
export function readListenPressure(pid: number | "self" = "self"): ListenPressure | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/netstat`, "utf8");
  } catch {
    return undefined;
  }
  return parseListenPressure(text);
}

/** The file has a line of names for each group, and then a line of values (net/ipv4/proc.c, netstat_seq_show()). */
export function parseListenPressure(text: string): ListenPressure {
  const [names = [], values = []] = text
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  const counterOf = (name: string) => {
    const index = names.indexOf(name);
    const value = index < 0 ? 0 : Number(values[index]);
    return Number.isFinite(value) ? value : 0;
  };
  return {
    listenOverflows: counterOf("ListenOverflows"),
    listenDrops: counterOf("ListenDrops"),
    cookiesSent: counterOf("SyncookiesSent"),
  };
}
