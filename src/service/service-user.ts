/** The user that a service runs as, and what that user must be able to see. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { accessHint, EXECUTE, READ, refusingPlace, WRITE } from "../host/file-access.ts";
import { refuseUnexecutable } from "../host/user-program.ts";
import { lookUpUser, type UserAccount } from "../native/privileges.ts";
import { shellWord } from "../options/index.ts";
import { isHidden, programDirectory } from "./hidden-places.ts";
import { type Service, stateDirectory } from "./service.ts";

const ROOT = 0;
/** Somebody whom no file belongs to: systemd chooses the numbers of DynamicUser from 61184 to 65519. */
const NOBODY_KNOWN: UserAccount = { name: undefined, user: 61184, group: 61184, groups: [] };

/** @throws RingcapError USAGE for a user that is not known, and for root */
export function serviceUser(name: string | undefined): UserAccount | undefined {
  if (name === undefined) return undefined;
  const account = lookUpUser(/^\d{1,9}$/.test(name) ? Number(name) : name);
  if (account === undefined) {
    const hint = "name a user that `getent passwd` lists, or leave it out: systemd then makes one for the service";
    throw usageError("user", `there is no user "${name}"`, hint);
  }
  if (account.user !== ROOT) return account;
  throw usageError("user", "a service does not need root", "leave it out: systemd then makes a user for the service");
}

/** Refuses a service whose user cannot execute ringcap, cannot read its files or cannot write. @throws RingcapError USAGE */
export function refuseUnseen({ program, user, needs, ...service }: Service): void {
  const who = user ?? NOBODY_KNOWN;
  const [node = "", script = ""] = [program[0], program.at(-1)];
  for (const path of [node, script]) {
    if (refusingPlace(path, READ, who, isHidden(path) ? programDirectory(path) : "/") === undefined) continue;
    const operation = "make a unit";
    throw new RingcapError(`${operation}: the user of the service may not read ${path}`, {
      code: "INSTALLATION",
      operation,
      hint: "install Node.js and ringcap for everybody: `npm install -g ringcap` as root, with the node of the system",
    });
  }
  for (const path of needs.reads) {
    const place = refusingPlace(path, READ, who);
    if (place === undefined) continue;
    throw usageError("service", `its user may not read ${place}`, accessHint(place === path ? "r" : "x", place));
  }
  for (const path of needs.secrets ?? []) {
    const place = refusingPlace(path, READ, who);
    if (place === undefined) continue;
    const ownUserHint = "give the service a user to whom the file belongs: ringcap service ... --user <name>";
    const ownerHint = user === undefined ? ownUserHint : `chown ${user.name ?? user.user} ${shellWord(path)}`;
    throw usageError("service", `its user may not read ${place}`, place === path ? ownerHint : accessHint("x", place));
  }
  if (needs.program !== undefined) {
    refuseUnexecutable(needs.command === "watch" ? "onIncident" : "onFile", needs.program, who);
  }
  for (const path of needs.writes) refuseUnwritable(service, path, user);
}

/** @throws RingcapError USAGE where there is no such directory, or where its mode or one above it keeps the user out */
function refuseUnwritable(service: Pick<Service, "name">, directory: string, user: UserAccount | undefined): void {
  if (user === undefined) {
    const message = `${directory} is outside of ${stateDirectory(service)}, and belongs to no user of systemd's making`;
    throw usageError("service", message, "name it without its directories, or name its owner: --user <name>");
  }
  const owner = user.name ?? user.user;
  const installHint = `install -d -o ${owner} -m 700 ${shellWord(directory)}`;
  const refuse = (what: string, hint = installHint) => {
    throw usageError("service", what, hint);
  };
  const refuseClosed = (place: string | undefined) => {
    if (place !== undefined) refuse(`${owner} may not enter ${place}`, accessHint("x", place));
  };
  // What is hidden is bound to the service, whoever may enter the directories above it.
  const top = isHidden(directory) ? directory : "/";
  if (!existsSync(directory)) {
    if (top === "/") refuseClosed(refusingPlace(nearest(directory), EXECUTE, user));
    refuse(`there is no directory ${directory}`);
  }
  const place = refusingPlace(directory, WRITE | EXECUTE, user, top);
  if (place === directory) refuse(`${owner} may not write to ${directory}`);
  refuseClosed(place);
}

/** The path, or the nearest directory above it that is there. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
