/**
 * Opens the file of -w. A process that captures is often root. A name may lead it through a symbolic link that another
 * user made, to a file that another user owns, or to a named pipe that fs.protected_fifos guards.
 */
import { closeSync, constants, fstatSync, lstatSync, readlinkSync, type Stats, statfsSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { errnoOf, RingcapError, usageError } from "../errors.ts";
import { openOutput, outputError } from "../pcap-writer/index.ts";

export interface OpenedOutput {
  readonly fd: number;
  /** The path of the file itself, behind all links. */
  readonly path: string;
  /** Whether the file was created. */
  readonly created: boolean;
  /** Bytes of a regular file before anything was written. */
  readonly size: number;
}

/** The most symbolic links that are followed: MAXSYMLINKS of the kernel (include/linux/namei.h). */
const LINKS_MAX = 40;
/** The number of /proc's file system: PROC_SUPER_MAGIC of include/uapi/linux/magic.h. */
const PROC_FILE_SYSTEM = 0x9fa0;
const ROOT = 0;
const WRITE = constants.O_WRONLY | constants.O_APPEND;

/**
 * Opens a file for appending. A file that does not exist is created, readable and writable for its owner alone.
 *
 * @throws RingcapError OUTPUT if it cannot be opened, and for a file that belongs to another user
 */
export function openOutputPath(name: string): OpenedOutput {
  try {
    return open(name);
  } catch (error) {
    throw error instanceof RingcapError ? error : outputError(name, error);
  }
}

/** Returns the users whose links are followed and whose files are written: root, this user, and the user who ran sudo. */
export function trustedUsers(): ReadonlySet<number> {
  const caller = process.getuid?.() === ROOT ? process.env.SUDO_UID : undefined;
  const users = [ROOT, process.geteuid?.() ?? ROOT];
  return new Set(caller !== undefined && /^\d+$/.test(caller) ? [...users, Number(caller)] : users);
}

/** Returns the path to which the links of a name lead. @throws RingcapError OUTPUT where one of them belongs to another user than these */
export function resolveOutputPath(name: string, trusted: ReadonlySet<number>): string {
  try {
    return followLinks(name, trusted);
  } catch (error) {
    throw error instanceof RingcapError ? error : outputError(name, error);
  }
}

/** Checks the links on the way to a name. @throws RingcapError OUTPUT where one of them belongs to another user than these */
export function refuseForeignLinks(name: string, trusted: ReadonlySet<number>): void {
  resolveOutputPath(name, trusted);
}

/** Refuses a regular file of another user. @throws RingcapError OUTPUT */
export function refuseForeignFile(name: string, stat: Stats, trusted: ReadonlySet<number>): void {
  if (!stat.isFile() || trusted.has(stat.uid)) return;
  throw refusal(name, `it belongs to another user (uid ${stat.uid})`, "remove it first, or choose another name");
}

/** Checks the end of a name. @throws RingcapError USAGE for a name that ends in "/" */
export function refuseDirectoryName(name: string): void {
  if (name.endsWith("/")) throw usageError("write", `${name} is the name of a directory`, "name a file: -w x.pcap");
}

function open(name: string): OpenedOutput {
  refuseDirectoryName(name);
  const trusted = trustedUsers();
  const path = followLinks(name, trusted);
  // The first attempt is without O_CREAT, because with it the kernel refuses named pipes of other users in directories
  // like /tmp.
  const existing = tryOpen(path, WRITE | noFollow(path), name);
  const fd = existing ?? openOutput(path, WRITE | constants.O_CREAT | constants.O_EXCL, name);
  const stat = fstatSync(fd);
  try {
    refuseForeignFile(name, stat, trusted);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { fd, path, created: existing === undefined, size: stat.isFile() ? stat.size : 0 };
}

function tryOpen(path: string, flags: number, name: string): number | undefined {
  try {
    return openOutput(path, flags, name);
  } catch (error) {
    const errno = errnoOf(error instanceof RingcapError ? error.cause : error);
    if (errno === "ENOENT") return undefined;
    if (errno === "ELOOP") throw refusal(name, "its name became a symbolic link meanwhile", "choose another directory");
    throw error;
  }
}

/**
 * Returns the path to which the links of a name lead. Links in /proc stand for open files, and are left to the kernel.
 */
function followLinks(name: string, trusted: ReadonlySet<number>): string {
  let path = resolve(name);
  for (let links = 0; links < LINKS_MAX; ) {
    const link = firstLink(path);
    if (link === undefined || isInProc(link.path)) return path;
    if (!trusted.has(link.uid)) {
      throw refusal(name, `${link.path} is a symbolic link of another user (uid ${link.uid})`, "choose another name");
    }
    links++;
    const target = readlinkSync(link.path);
    path = resolve(
      isAbsolute(target) ? target : resolve(dirname(link.path), target),
      `.${path.slice(link.path.length)}`,
    );
  }
  throw refusal(name, "too many symbolic links", "choose another name");
}

/** Returns the first part of an absolute path, seen from the root, that is a symbolic link. */
function firstLink(path: string): { path: string; uid: number } | undefined {
  const parts = path.split("/").slice(1);
  for (let count = 1; count <= parts.length; count++) {
    const part = `/${parts.slice(0, count).join("/")}`;
    const stat = lstatSync(part, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (stat.isSymbolicLink()) return { path: part, uid: stat.uid };
  }
  return undefined;
}

function isInProc(link: string): boolean {
  return statfsSync(dirname(link)).type === PROC_FILE_SYSTEM;
}

function noFollow(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isSymbolicLink() ? 0 : constants.O_NOFOLLOW;
}

function refusal(name: string, why: string, hint: string): RingcapError {
  const operation = `write ${name}`;
  return new RingcapError(`${operation}: ${why}`, { code: "OUTPUT", operation, hint });
}
