/** Opens the directory of an incident that `ringcap watch` recorded. Everything in it may have been changed by others. */
import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { RingcapError, reasonWithoutPath } from "../../errors.ts";
import { type IncidentFacts, incidentFacts } from "./incident-facts.ts";

const REPORT_NAME = "incident.json";
/** The most bytes of incident.json: those that `watch` itself takes for one of its own. */
const REPORT_MAX = 1 << 26;
/** As a watch calls the directories of its incidents. */
const INCIDENT_NAME = /^\d{8}T\d{6}Z-[\w.-]*(?<!\.partial)$/;
const CAPTURE_NAME = /^capture(-\d{4,})?\.pcapng$/;

export class IncidentDirectory {
  /** The paths of its capture files. */
  readonly captures: readonly string[];
  /** The path of its incident.json. */
  readonly report: string;
  readonly #path: string;
  readonly #text: string;

  private constructor(path: string, names: readonly string[], text: string) {
    const captures = names.filter((name) => CAPTURE_NAME.test(name)).sort();
    this.captures = captures.map((name) => join(path, name));
    this.report = join(path, REPORT_NAME);
    this.#path = path;
    this.#text = text;
  }

  /** Reads the directory, and nothing of what the texts in it say. @throws RingcapError INPUT */
  static async open(path: string): Promise<IncidentDirectory> {
    try {
      const text = await readSmall(join(path, REPORT_NAME));
      return new IncidentDirectory(path, await readdir(path), text);
    } catch (cause) {
      const reason = `it is a directory, and its ${REPORT_NAME} cannot be read: ${reasonWithoutPath(cause)}`;
      throw notOne(path, reason, cause, await newestIncident(path));
    }
  }

  /** What incident.json says. @throws RingcapError INPUT where it is not that of an incident */
  facts(): IncidentFacts {
    const facts = incidentFacts(this.#text);
    if (facts === undefined) throw notOne(this.#path, `its ${REPORT_NAME} is not that of an incident`);
    return facts;
  }
}

/** The last of the incidents in a directory of a watch; undefined where there is none. */
async function newestIncident(path: string): Promise<string | undefined> {
  const names = await readdir(path).catch(() => []);
  return names
    .filter((name) => INCIDENT_NAME.test(name))
    .toSorted()
    .at(-1);
}

function notOne(path: string, reason: string, cause?: unknown, incident?: string): RingcapError {
  const operation = `read ${path}`;
  const directory = path.replace(/\/+$/, "");
  const hint =
    incident === undefined
      ? `name the files in it: ${directory}/*.pcapng`
      : `name one of its incidents: ${join(directory, incident)}`;
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint, cause });
}

async function readSmall(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error("it is no file");
    if (stat.size > REPORT_MAX) throw new Error(`it has ${stat.size} bytes, of ${REPORT_MAX} at most`);
    return await file.readFile("utf8");
  } finally {
    await file?.close();
  }
}
