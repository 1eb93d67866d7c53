/** Named network namespaces of test networks: `ringcap-<pid>-<number>-<end>`. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const pattern = /^ringcap-(\d+)-(?:\d+-[ab]|probe)$/;

/** Where ip(8) keeps the names. */
const DIRECTORY = "/run/netns";

const REMOVAL = `for name; do
  pids=$(ip netns pids "$name") || continue
  [ "$pids" = "" ] || kill -KILL $pids
  ip netns delete "$name"
done`;

/** Kills what runs in the namespaces and deletes them, with the devices in them. One that there is not is left out. */
export function removeNamespaces(names: readonly string[]): void {
  if (names.length > 0) spawnSync("sh", ["-c", REMOVAL, "sh", ...names]);
}

/** Removes what test processes that were killed have left behind. */
export function removeLeftovers(): void {
  const names = existsSync(DIRECTORY) ? readdirSync(DIRECTORY) : [];
  removeNamespaces(
    names.filter((name) => {
      const pid = pattern.exec(name)?.[1];
      return pid !== undefined && !isRunning(Number(pid));
    }),
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
