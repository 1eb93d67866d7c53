/** Threads of this process that give up privileges, and the users that they may become. */
import { addon } from "./addon.ts";

export interface UserAccount {
  /** Undefined for a number without a name. */
  readonly name: string | undefined;
  readonly user: number;
  readonly group: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

const UNCHANGED = 0xffff_ffff;

const bytesOf = (numbers: readonly number[]) => new Uint8Array(Uint32Array.from(numbers).buffer);

/**
 * One thread after the other becomes the user, keeps only some capabilities, and sets no_new_privs. Threads that have
 * ended are skipped.
 *
 * @param threads their numbers, as /proc/self/task lists them
 * @param account undefined: user and groups stay
 * @param kept a bit for each capability (capabilities(7))
 * @throws a system failure: ETIMEDOUT where a thread does not answer within the time; those before it have changed,
 *   and every later call fails with EBUSY
 */
export function changeThreads(
  threads: readonly number[],
  account: Omit<UserAccount, "name"> | undefined,
  kept: bigint,
  milliseconds: number,
): void {
  const { user, group, groups } = account ?? { user: UNCHANGED, group: UNCHANGED, groups: [] };
  addon().changeThreads(bytesOf(threads), user, group, bytesOf(groups), kept, milliseconds);
}

/** The user of a name or of a number; undefined where the host knows none. */
export function lookUpUser(user: string | number): UserAccount | undefined {
  return addon().lookUpUser(user);
}
