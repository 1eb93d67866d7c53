/**
 * Removes filters of TC that killed captures left. Such filters outlive their process, and a note in the run directory
 * tells the next capture what to remove.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClsactPlace, clsactProgramId, detachClsact } from "../native/clsact.ts";
import { ownNetworkNamespace } from "../native/kernel-files.ts";
import { describeMember } from "./chain-members.ts";

export const RUN_DIRECTORY = "/run/ringcap";

interface Note {
  pid: number;
  /** Tells the process from a later process with its number. */
  startTime: string;
  networkNamespace: string;
  place: ClsactPlace;
}

/** Notes that this process has a filter there. @returns the path of the note, which goes with the filter */
export function noteFilter(place: ClsactPlace, runDirectory: string): string {
  const path = join(runDirectory, `${process.pid}-${place.handle}.json`);
  const note: Note = {
    pid: process.pid,
    startTime: startTime(process.pid) ?? "",
    networkNamespace: networkNamespace(),
    place,
  };
  mkdirSync(runDirectory, { recursive: true });
  writeFileSync(path, JSON.stringify(note));
  return path;
}

/** Detaches what killed captures left in this network namespace. */
export function removeLeftovers(runDirectory: string): void {
  for (const path of notesIn(runDirectory)) {
    const note = readNote(path);
    if (note === undefined || note.networkNamespace !== networkNamespace()) continue;
    if (startTime(note.pid) === note.startTime) continue;
    if (isOfCapture(note.place)) detachClsact(note.place);
    rmSync(path, { force: true });
  }
}

/** Another filter may have the same name since. */
function isOfCapture(place: ClsactPlace): boolean {
  const programId = clsactProgramId(place);
  return programId !== 0 && describeMember(programId).kind !== "foreign";
}

function notesIn(runDirectory: string): string[] {
  try {
    return readdirSync(runDirectory).map((name) => join(runDirectory, name));
  } catch {
    return [];
  }
}

/** Undefined for a file that noteFilter() did not write, or is still writing. */
function readNote(path: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(path, "utf8")) as Partial<Note>;
    const { pid, startTime, networkNamespace, place } = note;
    if (typeof pid !== "number" || typeof startTime !== "string" || typeof networkNamespace !== "string")
      return undefined;
    if (typeof place !== "object" || typeof place.egress !== "boolean") return undefined;
    const numbers = [place.interfaceIndex, place.handle, place.priority];
    if (!numbers.every((number) => Number.isInteger(number) && number > 0 && number < 2 ** 32)) return undefined;
    return { pid, startTime, networkNamespace, place };
  } catch {
    return undefined;
  }
}

/** Field 22 of proc_pid_stat(5); undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}

/** The network namespace, as /proc/self/ns/net links to it. @throws RingcapError KERNEL without /proc */
function networkNamespace(): string {
  return `net:[${ownNetworkNamespace()}]`;
}
