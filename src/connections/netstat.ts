/** The kernel's counters of TCP in each network namespace: the TcpExt lines of /proc/<pid>/net/netstat. */
import { readFileSync } from "node:fs";

/** Since the namespace was made. */
export interface TcpExtension {
  /** SYN cookies sent: SYNs answered without remembering them. */
  synCookiesSent: number;
  /** Handshakes that ended while the accept queue was full. */
  listenOverflows: number;
}

/** The counters are read through a process in the namespace; undefined when that is gone. */
export function readTcpExtension(pid: number): TcpExtension | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/netstat`, "utf8");
  } catch {
    return undefined;
  }
  return parseTcpExtension(text);
}

/** The file has a line of names, and then a line of values. */
export function parseTcpExtension(text: string): TcpExtension {
  const [names = [], values = []] = text
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  const counterOf = (name: string) => Number(values[names.indexOf(name)] ?? 0);
  return { synCookiesSent: counterOf("SyncookiesSent"), listenOverflows: counterOf("ListenOverflows") };
}
