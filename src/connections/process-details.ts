/**
 * Command line, parent, cgroup and container of processes, from what the kernel noted and from what /proc still says.
 */
import { readFileSync } from "node:fs";
import type { ProcessDetails } from "./connection-event.ts";
import type { ProcessIdentity, ProcessRecord } from "./record-reader.ts";

/** How many processes are remembered. The oldest are forgotten first. */
const REMEMBERED_MAX = 16_384;

const UNKNOWN: ProcessDetails = {
  commandLine: null,
  parentPid: null,
  parentComm: null,
  cgroup: null,
  containerId: null,
};

export class KnownProcesses {
  readonly #details = new Map<string, ProcessDetails>();

  /** The process met the kernel's program a moment ago, and most likely still runs. */
  add(record: ProcessRecord): void {
    const cgroup = cgroupOf(record.pid);
    this.#remember(record, {
      commandLine: record.commandLine ?? commandLineOf(record.pid),
      parentPid: record.parentPid,
      parentComm: record.parentComm,
      cgroup,
      containerId: containerIdOf(cgroup),
    });
  }

  /** /proc is asked for a process of which the kernel told nothing, because it owned its socket before. */
  detailsOf(owner: ProcessIdentity | undefined): ProcessDetails {
    if (owner === undefined) return UNKNOWN;
    return this.#details.get(keyOf(owner)) ?? this.#remember(owner, readDetails(owner.pid));
  }

  #remember(process: ProcessIdentity, details: ProcessDetails): ProcessDetails {
    this.#details.set(keyOf(process), details);
    if (this.#details.size > REMEMBERED_MAX) {
      const [oldest] = this.#details.keys();
      if (oldest !== undefined) this.#details.delete(oldest);
    }
    return details;
  }
}

function keyOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}

function readDetails(pid: number): ProcessDetails {
  const cgroup = cgroupOf(pid);
  const parentPid = Number(/^PPid:\s*(\d+)/m.exec(textOf(pid, "status"))?.[1] ?? Number.NaN);
  return {
    commandLine: commandLineOf(pid),
    parentPid: Number.isNaN(parentPid) ? null : parentPid,
    parentComm: Number.isNaN(parentPid) ? null : textOf(parentPid, "comm").trimEnd() || null,
    cgroup,
    containerId: containerIdOf(cgroup),
  };
}

function commandLineOf(pid: number): string | null {
  return textOf(pid, "cmdline").replace(/\0+$/, "").replaceAll("\0", " ") || null;
}

/** cgroups(7): lines of "number:controllers:path"; number 0 is version 2. In a hybrid host containers may be in version 1. */
function cgroupOf(pid: number): string | null {
  const paths = textOf(pid, "cgroup")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":").slice(2).join(":"));
  return paths.find((path) => containerIdOf(path) !== null) ?? paths.at(-1) ?? null;
}

export function containerIdOf(cgroup: string | null): string | null {
  const ids = cgroup?.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g);
  return ids?.at(-1) ?? null;
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
