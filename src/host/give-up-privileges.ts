/** Gives up the privileges of the whole process, in every thread that exists. Later threads inherit that. */
import { RingcapError, reasonOf } from "../errors.ts";
import { changeThreads, type UserAccount } from "../native/privileges.ts";
import { kernelError } from "./kernel-error.ts";
import { CAPABILITIES, type Capability } from "./process-privileges.ts";
import { readThreadPrivileges, type ThreadPrivileges } from "./thread-privileges.ts";

const OPERATION = "give up privileges";
/** How many rounds to make. A thread that was made while others were asked is found in the next round. */
const ROUNDS_MAX = 100;
/** Milliseconds to wait for a thread. A thread answers when it runs next, and the machine may be busy. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Every thread becomes the user, loses all capabilities but those that are kept, and sets no_new_privs.
 *
 * @param account undefined: user and groups stay
 * @throws RingcapError PRIVILEGE or KERNEL where a thread could not be brought to it. The process may not go on then.
 */
export function giveUpPrivileges(account: UserAccount | undefined, kept: readonly Capability[] = []): void {
  const keptBits = kept.reduce((bits, capability) => bits | (1n << BigInt(CAPABILITIES[capability])), 0n);
  try {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const privileged = [...readThreadPrivileges()].filter(([, thread]) => !hasGivenUp(thread, account, keptBits));
      if (privileged.length === 0) return;
      // A capability that a thread does not have cannot be kept.
      const held = privileged.reduce((bits, [, { permitted }]) => bits & permitted, keptBits);
      changeThreads(
        privileged.map(([thread]) => thread),
        account,
        held,
        PATIENCE_MILLISECONDS,
      );
    }
  } catch (error) {
    const failure = kernelError(OPERATION, error);
    const { code, cause } = failure;
    throw new RingcapError(reasonOf(failure), { code, operation: OPERATION, hint: HINT, cause });
  }
  const message = `${OPERATION}: threads were made faster than they could be asked`;
  throw new RingcapError(message, { code: "KERNEL", operation: OPERATION, hint: HINT });
}

const HINT = 'with `user: "none"` the process keeps them';

function hasGivenUp(thread: ThreadPrivileges, account: UserAccount | undefined, kept: bigint): boolean {
  const { permitted, effective, inheritable, ambient, noNewPrivileges } = thread;
  const hasCapabilities = ((permitted | effective) & ~kept) !== 0n || inheritable !== 0n || ambient !== 0n;
  return !hasCapabilities && noNewPrivileges && (account === undefined || isUser(thread, account));
}

function isUser(thread: ThreadPrivileges, { user, group, groups }: UserAccount): boolean {
  const supplementary = new Set(thread.supplementaryGroups);
  return (
    thread.users.every((number) => number === user) &&
    thread.groups.every((number) => number === group) &&
    supplementary.size === new Set(groups).size &&
    groups.every((number) => supplementary.has(number))
  );
}
