/** Reads what `ringcap service` is asked for. */
import { realpathSync } from "node:fs";
import { usageError } from "../errors.ts";
import { CLOSED_INSPECTOR } from "../host/index.ts";
import { refuseUnseen, type Service, serviceUser } from "../service/index.ts";
import { serviceNeeds } from "./service-needs.ts";
import type { ServiceFlags } from "./service-options.ts";
import { readServiceWords } from "./service-words.ts";

/** A name that is a part of a unit's name and of a path, and means nothing else to systemd. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

/**
 * @param words what stands behind `--`
 * @param script the file of ringcap that Node.js runs
 * @throws RingcapError USAGE, INPUT or INSTALLATION
 */
export async function readService(
  words: readonly string[],
  { name, user }: ServiceFlags,
  script = realpathSync(process.argv[1] ?? ""),
): Promise<Service> {
  if (name === undefined) throw usageError("--name", "the service has no name", "add one: --name web");
  if (!NAME.test(name)) {
    throw usageError("--name", `"${name}" is no name of a service`, "take letters, digits, - and _, 64 at most");
  }
  const given = await readServiceWords(words);
  const service: Service = {
    name,
    words: given.words,
    program: [process.execPath, CLOSED_INSPECTOR, script],
    user: serviceUser(user),
    needs: serviceNeeds(name, given),
  };
  refuseUnseen(service);
  return service;
}
