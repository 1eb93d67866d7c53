/** Locks of open files (flock(2)): advice, which only programs that ask for the lock heed. */
import { errnoOf } from "../errors.ts";
import { addon } from "./addon.ts";

/** File systems that know no locks, and descriptors that cannot have one. */
const NO_LOCKS: ReadonlySet<string | undefined> = new Set(["ENOLCK", "EOPNOTSUPP", "ENOSYS", "EINVAL"]);

/**
 * Locks an open file for as long as its descriptor is open.
 *
 * @returns false where another open file has the lock; true where the file system knows no locks
 * @throws a system failure
 */
export function lockFile(fd: number): boolean {
  try {
    return addon().lockFile(fd);
  } catch (error) {
    if (NO_LOCKS.has(errnoOf(error))) return true;
    throw error;
  }
}
