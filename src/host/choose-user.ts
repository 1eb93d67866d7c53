/** Which user a process becomes once it no longer needs its privileges. */
import { RingcapError, usageError } from "../errors.ts";
import type { UserAccount } from "../native/privileges.ts";

/** The name that keeps user and capabilities. */
export const KEEP_ALL = "none";

const ROOT = 0;
const NUMBER = /^\d{1,10}$/;
/** 2^32 - 1 means "unchanged" to setresuid(2). */
const NUMBER_MAX = 0xffff_fffe;

export interface Ownership {
  readonly user: number;
  readonly group: number;
  /** Whether what lies there is read. The caller of sudo may not be able to do that, and does not come first then. */
  readonly isRead?: true;
}

export interface UserCircumstances {
  /** The user of this process. */
  readonly user: number;
  /**
   * Whether the process has the capabilities to become another user and to give a file away. Root in a container may
   * lack them.
   */
  readonly mayBecome: boolean;
  /**
   * SUDO_UID and SUDO_GID of the environment, where they are set. They are believed only where root runs the process.
   */
  readonly sudo: { readonly user: string | undefined; readonly group: string | undefined };
  /** The owner of the directory of the output file, or of what is read; undefined where there is none. */
  readonly directory: Ownership | undefined;
  lookUp(user: string | number): UserAccount | undefined;
}

/**
 * @param wanted a name, a number, "none", or undefined for what suits the circumstances
 * @returns the account to become; undefined: the user stays
 * @throws RingcapError USAGE for a user that is not known, PRIVILEGE for one that the process cannot become
 */
export function chooseUser(wanted: string | undefined, circumstances: UserCircumstances): UserAccount | undefined {
  if (wanted !== undefined) return wantedUser(wanted, circumstances);
  if (circumstances.user !== ROOT || !circumstances.mayBecome) return undefined;
  const { directory } = circumstances;
  const owner = directory?.isRead ? directory : (callerOfSudo(circumstances) ?? directory);
  if (owner === undefined || owner.user === ROOT) return undefined;
  const { user, group } = owner;
  return circumstances.lookUp(user) ?? { name: undefined, user, group, groups: [group] };
}

function wantedUser(wanted: string, { user, lookUp }: UserCircumstances): UserAccount | undefined {
  const account = lookUp(numberOf(wanted) ?? wanted);
  if (account === undefined) {
    const hint = `name a user that \`getent passwd\` lists, or ${KEEP_ALL}, which keeps all privileges`;
    throw usageError("user", `there is no user "${wanted}"`, hint);
  }
  if (account.user === user) return undefined;
  if (user === ROOT) return account;
  const operation = `become the user ${wanted}`;
  throw new RingcapError(`${operation}: only root can (this is uid ${user})`, {
    code: "PRIVILEGE",
    operation,
    hint: "leave out `user`: the capabilities are given up all the same",
  });
}

/** The caller of sudo; undefined where that is root itself, or where the environment holds no number. */
function callerOfSudo({ sudo }: UserCircumstances): Ownership | undefined {
  const user = numberOf(sudo.user);
  const group = numberOf(sudo.group);
  return user === undefined || group === undefined || user === ROOT ? undefined : { user, group };
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !NUMBER.test(text)) return undefined;
  const number = Number(text);
  return number <= NUMBER_MAX ? number : undefined;
}
