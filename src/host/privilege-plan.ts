/**
 * A plan for the user and the capabilities of a process. It is made before anything is attached, and carried out once
 * everything is open.
 */
import { lookUpUser, type UserAccount } from "../native/privileges.ts";
import { chooseUser, KEEP_ALL, type Ownership } from "./choose-user.ts";
import { giveUpPrivileges } from "./give-up-privileges.ts";
import { type Capability, readProcessPrivileges } from "./process-privileges.ts";
import { canListThreads } from "./thread-privileges.ts";

const ROOT = 0;
const TO_BECOME: readonly Capability[] = ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"];

/** Who is told what giveUp() did. */
export interface PrivilegeTelling {
  /** Called with what is worth knowing and is no error. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Called with the user and the capabilities that the process goes on with. */
  readonly onDetail?: ((detail: string) => void) | undefined;
}

/**
 * ```ts
 * const rights = new PrivilegePlan("nobody");
 * const session = await capture({ interfaces: ["eth0"] });
 * rights.giveUp(session.prepareForFewerPrivileges());
 * ```
 */
export class PrivilegePlan {
  /** The user to become; undefined: user and groups stay. */
  readonly account: UserAccount | undefined;
  /** Whether giveUp() leaves everything as it is, because "none" was wanted. */
  readonly keepsAll: boolean;
  readonly #isAskedFor: boolean;
  readonly #user = process.geteuid?.() ?? 0;

  /**
   * @param wanted a name or a number; "none" keeps everything; undefined: the caller of sudo, or the owner of the directory
   * @param directory owner of the directory of the output file, or of what is read; undefined without one
   * @throws RingcapError USAGE or PRIVILEGE for a user that the process cannot become
   */
  constructor(wanted: string | undefined, directory?: Ownership) {
    this.keepsAll = wanted === KEEP_ALL;
    this.#isAskedFor = wanted !== undefined;
    // A process that is root only by the set-user-ID bit of a file has an environment that anybody may have written.
    const { SUDO_UID, SUDO_GID } = process.getuid?.() === ROOT ? process.env : {};
    const sudo = { user: SUDO_UID, group: SUDO_GID };
    const { capabilities } = readProcessPrivileges();
    const mayBecome = TO_BECOME.every((capability) => capabilities.has(capability));
    const circumstances = { user: this.#user, mayBecome, sudo, directory, lookUp: lookUpUser };
    this.account = this.keepsAll ? undefined : chooseUser(wanted, circumstances);
  }

  /** The user whose rights alone the process has after giveUp(); undefined where it keeps its capabilities. */
  get writer(): { readonly user: number; readonly group: number; readonly groups?: readonly number[] } | undefined {
    if (this.keepsAll) return undefined;
    const { getegid, getgroups } = process;
    return this.account ?? { user: this.#user, group: getegid?.() ?? 0, groups: getgroups?.() ?? [] };
  }

  /**
   * Gives up the privileges in every thread of the process, and so for good. A host without /proc is reported where no
   * user was asked for, and the privileges stay there.
   *
   * @param kept capabilities that are needed all the same
   * @throws RingcapError PRIVILEGE or KERNEL where a thread could not be brought to it. The process may not go on then.
   */
  giveUp(kept: readonly Capability[], { onNote, onDetail }: PrivilegeTelling = {}): void {
    if (this.keepsAll) return;
    if (!this.#isAskedFor && !canListThreads()) {
      if (this.#user !== ROOT) return;
      onNote?.("goes on with all privileges: /proc is not mounted, which lists the threads that have them");
      return;
    }
    giveUpPrivileges(this.account, kept);
    const { name, user } = this.account ?? { name: undefined, user: this.#user };
    const who = name === undefined ? `uid ${user}` : `${name} (uid ${user})`;
    const capabilities = kept.length === 0 ? "no capability" : `${kept.join(" and ")} alone`;
    onDetail?.(`goes on as ${who}, with ${capabilities}`);
  }
}
