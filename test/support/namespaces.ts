/** Named network namespaces of test networks: `ringcap-<pid>-<number>-<end>`. */
import { spawnSync } from "node:child_process";
import { runOrFail } from "./run.ts";

const pattern = /^ringcap-(\d+)-(?:\d+-[ab]|probe)$/;

/** Kills what runs in the namespace and deletes it, with the devices in it. Nothing happens if there is none. */
export function removeNamespace(name: string): void {
  const { stdout, status } = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" });
  if (status !== 0) {
    return;
  }
  for (const pid of stdout.split("\n").filter((line) => line !== "")) {
    kill(Number(pid), "SIGKILL");
  }
  spawnSync("ip", ["netns", "delete", name]);
}

/** Removes what test processes that were killed have left behind. */
export async function removeLeftovers(): Promise<void> {
  const { stdout } = await runOrFail("ip", ["netns", "list"]);
  for (const line of stdout.split("\n")) {
    const name = line.split(" ")[0] ?? "";
    const pid = pattern.exec(name)?.[1];
    if (pid !== undefined && !kill(Number(pid), 0)) {
      removeNamespace(name);
    }
  }
}

/** Whether the process was there (signal 0 only asks). */
function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
