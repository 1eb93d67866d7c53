/** The user that a service runs as, and what that user must be able to see. */
import { existsSync } from "node:fs";
import { RingcapError, usageError } from "../errors.ts";
import { refuseUnexecutable } from "../host/user-program.ts";
import { lookUpUser, type UserAccount } from "../native/privileges.ts";
import { isHidden, mayAccess, programDirectory, READ, SEARCH, WRITE } from "./hidden-places.ts";
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
    if (mayAccess(path, READ, who, isHidden(path) ? programDirectory(path) : "/")) continue;
    const operation = "make a unit";
    throw new RingcapError(`${operation}: the user of the service may not read ${path}`, {
      code: "INSTALLATION",
      operation,
      hint: "install Node.js and ringcap for everybody: `npm install -g ringcap` as root, with the node of the system",
    });
  }
  for (const path of needs.reads) {
    if (mayAccess(path, READ, who)) continue;
    throw usageError("service", `its user may not read ${path}`, `chmod o+r ${path}, and o+x its directories`);
  }
  if (needs.program !== undefined) {
    refuseUnexecutable(needs.command === "watch" ? "onIncident" : "onFile", needs.program, who);
  }
  for (const path of needs.writes) refuseUnwritable(service, path, user);
}

function refuseUnwritable(service: Pick<Service, "name">, writes: string, user: UserAccount | undefined): void {
  if (user === undefined) {
    const message = `${writes} is outside of ${stateDirectory(service)}, and belongs to no user of systemd's making`;
    throw usageError("service", message, "name it without its directories, or name its owner: --user <name>");
  }
  const owner = user.name ?? user.user;
  if (existsSync(writes) && mayAccess(writes, WRITE | SEARCH, user, isHidden(writes) ? writes : "/")) return;
  const what = existsSync(writes) ? `${owner} may not write to ${writes}` : `there is no directory ${writes}`;
  throw usageError("service", what, `install -d -o ${owner} -m 700 ${writes}`);
}
