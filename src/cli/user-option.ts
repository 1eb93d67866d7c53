/** -Z, --user: the user that a command becomes once everything is attached and open. */
import { statSync } from "node:fs";
import type { Capability, Ownership, PrivilegePlan, PrivilegeTelling } from "../host/index.ts";
import type { AddOption } from "./option-adder.ts";
import { USER_OR_NONE } from "./option-values.ts";
import { stderr, stdout } from "./standard-streams.ts";

export interface UserFlags {
  user?: string;
}

export function addUserOption(add: AddOption, group: string): void {
  add(group, "-Z, --user <name>", "become that user once all is attached and open; none: keep all privileges", {
    values: USER_OR_NONE,
    details: `Every thread gives up all capabilities and sets no_new_privs before a packet is looked at. Without the
      option, root becomes the caller of sudo, else the owner of the directory of the file, and where that is
      root too, uid 0 stays without any capability.`,
  });
}

let prepare: () => void = () => {};

/** Sets what is done while the process has its privileges. */
export function beforeGivingUp(action: () => void): void {
  prepare = action;
}

/**
 * Gives up privileges.
 *
 * @param kept capabilities that are still needed
 * @throws RingcapError as PrivilegePlan.giveUp()
 */
export function giveUp(plan: PrivilegePlan, kept: readonly Capability[], telling: PrivilegeTelling): void {
  // The kernel does not let the new user open the pipes of the former user once more.
  stdout.open();
  stderr.open();
  prepare();
  plan.giveUp(kept, telling);
}

/** Root becomes the owner of what is read before files of others are parsed, because that user can read them. */
export function ownerOfRead(path: string): Ownership | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { user: found.uid, group: found.gid, isRead: true };
}
