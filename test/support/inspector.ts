/** Whether somebody can attach a debugger to a process. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Of the column `st` of /proc/net/tcp: TCP_LISTEN of include/net/tcp_states.h. */
const LISTENING = "0A";

/** The ports of TCP, in hexadecimal, on which a process listens: Node's inspector is the only one that may be there. */
export function listeningPorts(pid: number | undefined): string[] {
  const directory = `/proc/${pid}/fd`;
  const inodes = new Set<string>();
  for (const fd of readdirSync(directory)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`${directory}/${fd}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTENING && inodes.has(inode ?? ""))
      .map(([, local]) => local?.split(":")[1] ?? ""),
  );
}

/** A descriptor may have been closed meanwhile. */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
