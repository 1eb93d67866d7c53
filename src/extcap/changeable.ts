/** Whether other users than root may change what is about to run with rights of its own. */
import { existsSync, lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RingcapError } from "../errors.ts";

const ROOT = 0;
/** By the group of root, too: the bit stands for what an access control list gives others as well (acl(5)). */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const READABLE_BY_ALL = 0o004;
const EXECUTABLE_BY_ALL = 0o001;
/** Files that ringcap or Node.js reads in a run. Others, such as a capture file in a clone, may be root's alone. */
const READ_IN_A_RUN = /(^|\/)node$|\.(c?js|json|node|o)$/;

/**
 * Looks at the package, at what it needs of other packages, at Node.js, and at all folders on the way to them.
 *
 * @throws RingcapError PRIVILEGE that names what another user may change, or what other users cannot read
 */
export function refuseChangeable(operation: string, script: string, node: string): void {
  const package_ = dirname(dirname(realpathSync(script)));
  const loader = dirname(createRequire(import.meta.url).resolve("node-gyp-build"));
  for (const path of [realpathSync(node), package_, realpathSync(loader)]) {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      check(operation, folder, true);
      if (folder === dirname(folder)) break;
    }
    checkTree(operation, path, path);
  }
}

function checkTree(operation: string, path: string, top: string): void {
  const stat = check(operation, path, false);
  if (stat.isSymbolicLink()) refuseWayOut(operation, path, top);
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path)) if (name !== ".git") checkTree(operation, join(path, name), top);
}

/** @param isOnTheWay whether it is a folder in which others may lie: nobody takes root's away where the sticky bit is set */
function check(operation: string, path: string, isOnTheWay: boolean): Stats {
  const stat = lstatSync(path);
  const isLink = stat.isSymbolicLink();
  const isSafe = isLink || (stat.mode & WRITABLE_BY_OTHERS) === 0 || (isOnTheWay && (stat.mode & STICKY) !== 0);
  if (stat.uid !== ROOT || !isSafe) throw changeableError(operation, `other users than root may change ${path}`);
  const entered = isOnTheWay ? EXECUTABLE_BY_ALL : READABLE_BY_ALL | EXECUTABLE_BY_ALL;
  const read = READ_IN_A_RUN.test(path) ? READABLE_BY_ALL : 0;
  const needed = stat.isDirectory() ? entered : read;
  if (!isLink && (stat.mode & needed) !== needed)
    throw changeableError(operation, `other users than root cannot read ${path}`);
  return stat;
}

function refuseWayOut(operation: string, path: string, top: string): void {
  if (!existsSync(path) || realpathSync(path).startsWith(`${top}/`)) return;
  throw changeableError(operation, `${path} is a symbolic link that leads out of the package`);
}

function changeableError(operation: string, reason: string): RingcapError {
  const hint = "install Node.js and ringcap for all users: sudo npm install --global ringcap, with a Node.js in /usr";
  return new RingcapError(`${operation}: ${reason}`, { code: "PRIVILEGE", operation, hint });
}

/** Returns the first folder or file on the way to these paths that other users than root cannot enter or read. */
export function hiddenFromOthers(paths: readonly string[]): string | undefined {
  const ways = paths.flatMap((path) => {
    const way = [realpathSync(path)];
    for (let folder = dirname(way[0] ?? "/"); !way.includes(folder); folder = dirname(folder)) way.unshift(folder);
    return way;
  });
  return ways.find((path) => {
    const stat = lstatSync(path);
    const needed = stat.isDirectory() ? EXECUTABLE_BY_ALL : READABLE_BY_ALL;
    return (stat.mode & needed) === 0;
  });
}
