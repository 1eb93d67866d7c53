/**
 * Gives the capabilities of a capture to a program for one group. The program runs one script with one Node.js and an
 * empty environment, because capabilities on a copy of Node.js would be those of whatever script its user names.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { RingcapError, reasonOf, usageError } from "../errors.ts";
import { refuseChangeable } from "./changeable.ts";
import { GRANTED_FOLDER, GRANTED_NODE, GRANTED_PROGRAM, GRANTED_SCRIPT } from "./granted-paths.ts";
import { ownScript } from "./installation.ts";

const CAPABILITIES = "cap_bpf,cap_net_admin,cap_perfmon=ep";
const ROOT = 0;
/** Everybody may see who may run it; the group runs it. */
const FOLDER_MODE = 0o755;
const PROGRAM_MODE = 0o750;
const OPERATION = "give a group the right to capture";

/** The program, which the build makes for each architecture: native/extcap_rights.c. */
function builtProgram(): string {
  const places = ["../../build/extcap-rights", `../../prebuilds/linux-${process.arch}/extcap-rights`];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const message = `${OPERATION}: this package has no program for ${process.arch}`;
  throw new RingcapError(message, {
    code: "INSTALLATION",
    operation: OPERATION,
    hint: "capture as root, or by sudo: docs/wireshark.md",
  });
}

/**
 * Makes the program, in the place of an older one.
 *
 * @throws RingcapError USAGE for a group that is not known; PRIVILEGE where this is not root, or where other users may
 *   change what would run; INSTALLATION without setcap
 */
export function grantTo(group: string): void {
  if (process.geteuid?.() !== ROOT) {
    throw new RingcapError(`${OPERATION}: only root can`, {
      code: "PRIVILEGE",
      operation: OPERATION,
      hint: `sudo ringcap extcap install --grant ${group}`,
    });
  }
  const number = groupNumber(group);
  const built = builtProgram();
  refuseChangeable(OPERATION, ownScript(), process.execPath);
  const partial = partialOf(GRANTED_PROGRAM);
  try {
    mkdirSync(GRANTED_FOLDER, { recursive: true });
    chownSync(GRANTED_FOLDER, ROOT, ROOT);
    // The umask of root may have kept others out.
    chmodSync(GRANTED_FOLDER, FOLDER_MODE);
    link(process.execPath, GRANTED_NODE);
    link(ownScript(), GRANTED_SCRIPT);
    rmSync(partial, { force: true });
    copyFileSync(built, partial);
    chownSync(partial, ROOT, number);
    chmodSync(partial, PROGRAM_MODE);
    setCapabilities(partial);
    renameSync(partial, GRANTED_PROGRAM);
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof RingcapError) throw error;
    throw new RingcapError(`${OPERATION}: ${reasonOf(error)}`, { code: "OUTPUT", operation: OPERATION, cause: error });
  }
}

export function hasGrant(): boolean {
  return existsSync(GRANTED_FOLDER);
}

/** Removes the program, and what an attempt that was killed has left of it. @returns whether there was one */
export function withdrawGrant(): boolean {
  if (!hasGrant()) return false;
  const paths = [GRANTED_PROGRAM, GRANTED_NODE, GRANTED_SCRIPT];
  try {
    for (const path of [...paths, ...paths.map(partialOf)]) rmSync(path, { force: true });
    if (readdirSync(GRANTED_FOLDER).length === 0) rmdirSync(GRANTED_FOLDER);
  } catch (error) {
    const operation = `remove ${GRANTED_PROGRAM}`;
    throw new RingcapError(`${operation}: ${reasonOf(error)}`, {
      code: "OUTPUT",
      operation,
      hint: "sudo ringcap extcap remove",
      cause: error,
    });
  }
  return true;
}

function groupNumber(group: string): number {
  const { stdout, status } = spawnSync("getent", ["group", "--", group], { encoding: "utf8" });
  const number = status === 0 ? stdout.split(":")[2] : undefined;
  if (number !== undefined) return Number(number);
  throw usageError("--grant", `there is no group "${group}"`, `make it: sudo groupadd --system ${group}`);
}

/** What is made in the place of a file before it has its name. */
function partialOf(path: string): string {
  return `${path}.partial`;
}

function link(target: string, path: string): void {
  const partial = partialOf(path);
  rmSync(partial, { force: true });
  symlinkSync(target, partial);
  renameSync(partial, path);
}

function setCapabilities(path: string): void {
  const { status, error, stderr } = spawnSync("setcap", [CAPABILITIES, path], { encoding: "utf8" });
  if (status === 0) return;
  const isMissing = error !== undefined;
  const reason = isMissing ? "setcap is not there" : stderr.trim();
  const hint = isMissing
    ? "install it: libcap2-bin of Debian, libcap of others"
    : "/usr/lib must be on a file system with extended attributes";
  throw new RingcapError(`${OPERATION}: ${reason}`, { code: "INSTALLATION", operation: OPERATION, hint });
}
