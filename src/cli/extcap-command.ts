/** Runs `ringcap extcap install`, `remove` and `status`. */
import {
  type CaptureWay,
  captureWays,
  changeableFolders,
  chooseFolder,
  findFolders,
  grantTo,
  hasGrant,
  hiddenFromOthers,
  installLauncher,
  type LauncherState,
  launcherState,
  ownScript,
  pathIn,
  refuseFile,
  refuseForeign,
  removeLauncher,
  withdrawGrant,
} from "../extcap/index.ts";
import { printableJson } from "../outputs/index.ts";
import type { ExtcapFlags } from "./extcap-options.ts";
import { print, sayNote } from "./messages.ts";

const STATES: Readonly<Record<LauncherState, string>> = {
  current: "installed",
  outdated: "installed by another version, or for another Node.js: ringcap extcap install",
  foreign: "a file that ringcap did not write",
  absent: "not installed: ringcap extcap install",
};

/** Installs the launcher, and gives the right to a group. @returns the exit code */
export function runExtcapInstall({ directory, grant, json }: ExtcapFlags): number {
  const isRoot = mayServeAll();
  const folder = directory ?? chooseFolder(findFolders(), isRoot);
  refuseFile(folder);
  refuseForeign(pathIn(folder), "install");
  if (grant !== undefined) grantTo(grant);
  const launcher = installLauncher(folder);
  const hidden = isRoot ? hiddenFromOthers([process.execPath, ownScript(), launcher]) : undefined;
  if (hidden !== undefined) {
    sayNote(
      `only root can read ${hidden}: other users see no interface of ringcap until Node.js and ringcap are installed for all users`,
    );
  }
  const ways = captureWays();
  if (json) {
    print(`${printableJson({ version: 1, launcher, group: grant ?? null, ways })}\n`);
    return 0;
  }
  const lists =
    directory === undefined
      ? "are in the list of Wireshark and tshark -D"
      : "are in the list of a Wireshark that reads this folder";
  print(`${launcher} is installed: ringcap's interfaces ${lists}.\n`);
  if (grant !== undefined) {
    print(`The members of ${grant} capture with it, and drop packets: docs/wireshark.md says what that means.\n`);
  }
  if (!ways.some(({ works }) => works)) {
    for (const { name, finding, remedy } of ways)
      sayNote(`${name}: ${finding}${remedy === undefined ? "" : `; ${remedy}`}`);
  }
  return 0;
}

/** Removes the launcher from each folder that this user may change, and what a group was given. @returns the exit code */
export function runExtcapRemove({ directory, json }: ExtcapFlags): number {
  const found = directory === undefined ? findFolders() : [];
  const folders = directory === undefined ? changeableFolders(found) : [directory];
  const removed = folders.filter(hasLauncher).filter(removeLauncher).map(pathIn);
  const left = found.map(({ path }) => path).filter((folder) => !folders.includes(folder) && hasLauncher(folder));
  const isRoot = mayServeAll();
  const hadGrant = directory === undefined && isRoot && withdrawGrant();
  if (left.length > 0 || (!isRoot && directory === undefined && hasGrant())) {
    sayNote("what root installed for all users stays: sudo ringcap extcap remove");
  }
  if (json) print(`${printableJson({ version: 1, removed, grant: hadGrant })}\n`);
  else if (removed.length > 0 || hadGrant)
    print([...removed, ...(hadGrant ? ["what a group was given"] : [])].map((what) => `Removed: ${what}\n`).join(""));
  else if (folders.length > 0) print(`There is no launcher of ringcap in ${folders.join(", ")}.\n`);
  return 0;
}

/** Root installs for all users of the host. */
function mayServeAll(): boolean {
  return process.geteuid?.() === 0;
}

function hasLauncher(folder: string): boolean {
  return ["current", "outdated"].includes(launcherState(folder));
}

/** Says what is installed, and who may capture. @returns the exit code: 0 where Wireshark finds ringcap and may capture */
export function runExtcapStatus({ directory, json }: ExtcapFlags): number {
  const folders = directory === undefined ? findFolders().map(({ path }) => path) : [directory];
  const launchers = folders.map((folder) => ({ path: pathIn(folder), state: launcherState(folder) }));
  const ways = captureWays();
  if (json) print(`${printableJson({ version: 1, launchers, ways })}\n`);
  else
    print([...launchers.map(({ path, state }) => `${path}: ${STATES[state]}`), ...ways.map(formatWay), ""].join("\n"));
  const isInstalled = launchers.some(({ state }) => state === "current" || state === "outdated");
  return isInstalled && ways.some(({ works }) => works) ? 0 : 1;
}

function formatWay({ name, works, finding, remedy }: CaptureWay): string {
  return `${works ? "works" : "does not work"}  ${name}: ${finding}${remedy === undefined ? "" : `\n  -> ${remedy}`}`;
}
