/**
 * Removes the oldest finished incidents, so that the limits on their number and on their bytes are kept. What did not
 * come from a watch of the same user stays.
 */
import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../errors.ts";
import { REPORT_NAME } from "./incident-directory.ts";
import { INCIDENT_NAME } from "./incident-name.ts";

export interface IncidentBudget {
  /** The most incidents that are kept. */
  readonly keepIncidents?: number | undefined;
  /** The most bytes of incidents, those of the one that is recorded included. */
  readonly keepSize?: number | undefined;
}

interface FoundIncident {
  readonly name: string;
  readonly bytes: number;
  readonly files: readonly string[];
}

interface KnownIncident {
  /** The directory and its last change. */
  readonly identity: string;
  /** Undefined for what is no incident of this user's watch. */
  readonly incident: FoundIncident | undefined;
}

const PRIVATE = 0o700;
const PERMISSIONS = 0o7777;
/** The most bytes of a report that is read. */
const REPORT_MAX = 1 << 26;

export class KeptIncidents {
  readonly #directory: string;
  readonly #budget: IncidentBudget;
  readonly #onRemoved: (name: string) => void;
  readonly #warn: (text: string) => void;
  readonly #warned = new Set<string>();
  /** What was found before, so that a flood does not wait until the reports of thousands of incidents are read again. */
  #known: ReadonlyMap<string, KnownIncident> = new Map();
  #running = Promise.resolve();

  constructor(
    directory: string,
    budget: IncidentBudget,
    onRemoved: (name: string) => void,
    warn: (text: string) => void,
  ) {
    this.#directory = directory;
    this.#budget = budget;
    this.#onRemoved = onRemoved;
    this.#warn = warn;
  }

  /**
   * Removes incidents until the limits hold. The promise never rejects.
   *
   * @param newest the name of the incident that is never removed @param open bytes of the one that is recorded
   */
  enforce(newest: string | undefined, open = 0): Promise<void> {
    const { keepIncidents, keepSize } = this.#budget;
    if (keepIncidents === undefined && keepSize === undefined) return this.#running;
    this.#running = this.#running
      .then(() => this.#removeOldest(newest, open))
      .catch((error) => this.#warnOnce(`look for incidents in ${this.#directory}: ${reasonOf(error)}`));
    return this.#running;
  }

  async #removeOldest(newest: string | undefined, openBytes: number): Promise<void> {
    const { keepIncidents = Number.POSITIVE_INFINITY, keepSize = Number.POSITIVE_INFINITY } = this.#budget;
    const found = await this.#find();
    let count = found.length;
    let bytes = found.reduce((sum, incident) => sum + incident.bytes, openBytes);
    for (const incident of found) {
      if (count <= keepIncidents && bytes <= keepSize) return;
      if (incident.name === newest || !(await this.#remove(incident))) continue;
      count--;
      bytes -= incident.bytes;
    }
  }

  /** The finished incidents, the oldest first. They are looked at one after the other, which takes one descriptor. */
  async #find(): Promise<FoundIncident[]> {
    const names = (await readdir(this.#directory)).filter((name) => INCIDENT_NAME.test(name)).sort();
    const known = new Map<string, KnownIncident>();
    for (const name of names) known.set(name, await this.#look(name));
    this.#known = known;
    return [...known.values()].map(({ incident }) => incident).filter((incident) => incident !== undefined);
  }

  async #look(name: string): Promise<KnownIncident> {
    const stat = await lstat(join(this.#directory, name)).catch(() => undefined);
    const identity = stat === undefined ? "" : `${stat.dev} ${stat.ino} ${stat.ctimeMs}`;
    const before = this.#known.get(name);
    if (before?.identity === identity) return before;
    return { identity, incident: stat === undefined ? undefined : await this.#inspect(name, stat) };
  }

  /** Undefined for what is not a directory of this user's watch with files alone. */
  async #inspect(name: string, stat: Stats): Promise<FoundIncident | undefined> {
    const path = join(this.#directory, name);
    const isOwn = stat.isDirectory() && stat.uid === process.geteuid?.();
    if (!isOwn || (stat.mode & PERMISSIONS) !== PRIVATE) return undefined;
    try {
      const files = await readdir(path);
      const stats = await Promise.all(files.map((file) => lstat(join(path, file))));
      if (!stats.every((file) => file.isFile())) return undefined;
      if (!(await isIncident(join(path, REPORT_NAME), name))) return undefined;
      return { name, files, bytes: stats.reduce((sum, { size }) => sum + size, 0) };
    } catch {
      return undefined;
    }
  }

  /** The report goes last, so that a removal that is cut short is gone on with. */
  async #remove({ name, files }: FoundIncident): Promise<boolean> {
    const path = join(this.#directory, name);
    try {
      for (const file of files) if (file !== REPORT_NAME) await unlink(join(path, file));
      await unlink(join(path, REPORT_NAME));
      await rmdir(path);
      this.#onRemoved(name);
      return true;
    } catch (error) {
      this.#warnOnce(`remove ${path}: ${reasonOf(error)}`);
      return false;
    }
  }

  #warnOnce(text: string): void {
    if (!this.#warned.has(text)) this.#warn(text);
    this.#warned.add(text);
  }
}

async function isIncident(path: string, name: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, nlink } = await file.stat();
    if (size > REPORT_MAX || nlink !== 1) return false;
    const report: unknown = JSON.parse(await file.readFile("utf8"));
    if (typeof report !== "object" || report === null || !("kind" in report) || !("name" in report)) return false;
    return report.kind === "ringcap-incident" && report.name === name;
  } finally {
    await file.close();
  }
}
