/** Reads the directory of an incident that `ringcap watch` recorded. Everything in it may have been changed by others. */
import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { RingcapError, reasonWithoutPath } from "../../errors.ts";
import { type IncidentFacts, incidentFacts } from "./incident-facts.ts";

const REPORT_NAME = "incident.json";
/** The most bytes of incident.json: those that `watch` itself takes for one of its own. */
const REPORT_MAX = 1 << 26;
const CAPTURE_NAME = /^capture(-\d{4,})?\.pcapng$/;

export interface IncidentDirectory {
  /** The paths of its capture files. */
  readonly captures: readonly string[];
  readonly facts: IncidentFacts;
}

/** @throws RingcapError INPUT for a directory that is not one of an incident */
export async function readIncident(path: string): Promise<IncidentDirectory> {
  const operation = `read ${path}`;
  const hint = `name the files in it: ${path.replace(/\/+$/, "")}/*.pcapng`;
  let text: string;
  let names: string[];
  try {
    text = await readSmall(join(path, REPORT_NAME));
    names = await readdir(path);
  } catch (cause) {
    const reason = `it is a directory, and its ${REPORT_NAME} cannot be read: ${reasonWithoutPath(cause)}`;
    throw new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint, cause });
  }
  const facts = incidentFacts(text);
  if (facts === undefined) {
    throw new RingcapError(`${operation}: its ${REPORT_NAME} is not one of ringcap watch`, {
      code: "INPUT",
      operation,
      hint,
    });
  }
  const captures = names.filter((name) => CAPTURE_NAME.test(name)).sort();
  return { captures: captures.map((name) => join(path, name)), facts };
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
