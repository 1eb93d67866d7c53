/**
 * An attachment at TC on kernels before 6.6, whose filters stay when their process is killed. A note in the run
 * directory tells the next capture what to remove.
 */
import { randomInt } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attachClsact, type ClsactPlace, clsactProgramId, detachClsact } from "../libbpf/clsact.ts";
import type { BpfProgram } from "../libbpf/program.ts";

/** Of all filters of ringcap; the handle is drawn by lot, so that captures do not meet. */
const PRIORITY = 49_200;
const HANDLE_MAX = 2 ** 31;
const RUN_DIRECTORY = "/run/ringcap";

interface Note {
  pid: number;
  /** Tells the process from a later one with its number. */
  startTime: string;
  networkNamespace: string;
  place: ClsactPlace;
}

export class ClsactLink implements Disposable {
  readonly #place: ClsactPlace;
  readonly #note: string;
  #attached = true;

  constructor(program: BpfProgram, interfaceIndex: number, egress: boolean, runDirectory = RUN_DIRECTORY) {
    removeLeftovers(runDirectory);
    this.#place = { interfaceIndex, egress, handle: randomInt(1, HANDLE_MAX), priority: PRIORITY };
    this.#note = join(runDirectory, `${process.pid}-${this.#place.handle}.json`);
    const note: Note = {
      pid: process.pid,
      startTime: startTime(process.pid) ?? "",
      networkNamespace: networkNamespace(),
      place: this.#place,
    };
    mkdirSync(runDirectory, { recursive: true });
    writeFileSync(this.#note, JSON.stringify(note));
    try {
      attachClsact(program, this.#place);
    } catch (error) {
      rmSync(this.#note, { force: true });
      throw error;
    }
  }

  /** The index of the interface; 0 once the interface or the filter is gone. */
  interfaceIndex(): number {
    return clsactProgramId(this.#place) === 0 ? 0 : this.#place.interfaceIndex;
  }

  close(): void {
    if (!this.#attached) return;
    detachClsact(this.#place);
    this.#attached = false;
    rmSync(this.#note, { force: true });
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Detaches what killed captures left in this network namespace. */
export function removeLeftovers(runDirectory = RUN_DIRECTORY): void {
  for (const path of notesIn(runDirectory)) {
    const note = readNote(path);
    if (note === undefined || note.networkNamespace !== networkNamespace()) continue;
    if (startTime(note.pid) === note.startTime) continue;
    detachClsact(note.place);
    rmSync(path, { force: true });
  }
}

function notesIn(runDirectory: string): string[] {
  try {
    return readdirSync(runDirectory).map((name) => join(runDirectory, name));
  } catch {
    return [];
  }
}

/** Undefined for what was not written by this class, or is being written. */
function readNote(path: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(path, "utf8")) as Partial<Note>;
    const { pid, startTime, networkNamespace, place } = note;
    if (typeof pid !== "number" || typeof startTime !== "string" || typeof networkNamespace !== "string")
      return undefined;
    if (typeof place !== "object" || place.priority !== PRIORITY) return undefined;
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

function networkNamespace(): string {
  return readlinkSync("/proc/self/ns/net");
}
