/** The folders in which Wireshark looks for programs like the launcher. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { RingcapError } from "../errors.ts";

export interface ExtcapFolder {
  readonly path: string;
  /** Whether it is for one user alone. */
  readonly isPersonal: boolean;
}

/** Where packages put the folder, for a host on which Wireshark cannot be asked. From 4.6 on it is in libexec. */
const USUAL_FOLDERS: readonly string[] = [
  "/usr/libexec/wireshark/extcap",
  "/usr/lib/x86_64-linux-gnu/wireshark/extcap",
  "/usr/lib/aarch64-linux-gnu/wireshark/extcap",
  "/usr/lib64/wireshark/extcap",
  "/usr/lib/wireshark/extcap",
  "/usr/local/lib/wireshark/extcap",
];

/** What reads its settings from a file system that is gone may wait for ever. */
const PATIENCE_MILLISECONDS = 10_000;

const OPERATION = "find Wireshark's folder for capture programs";

/** Reads the folders from what `tshark -G folders` prints. */
export function parseFolders(text: string): ExtcapFolder[] {
  return [...text.matchAll(/^(?:(Personal|Global) )?Extcap path:\s*(\/.*?)\s*$/gim)].map(([, kind, path = ""]) => ({
    path,
    isPersonal: kind?.toLowerCase() === "personal",
  }));
}

/** Asks tshark or Wireshark for the folders of this user; where neither is there, looks where packages put them. */
export function findFolders(): ExtcapFolder[] {
  for (const program of ["tshark", "wireshark"]) {
    const { stdout } = spawnSync(program, ["-G", "folders"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PATIENCE_MILLISECONDS,
    });
    const folders = parseFolders(stdout ?? "");
    if (folders.length > 0) return folders;
  }
  return USUAL_FOLDERS.filter((path) => existsSync(path)).map((path) => ({ path, isPersonal: false }));
}

/**
 * Chooses the folder to install into: root serves all users of the host, and another user only itself.
 *
 * @throws RingcapError INSTALLATION without Wireshark, PRIVILEGE where only root may write to its folder
 */
export function chooseFolder(folders: readonly ExtcapFolder[], isRoot: boolean): string {
  const personal = folders.find(({ isPersonal }) => isPersonal)?.path;
  const shared = folders.find(({ isPersonal }) => !isPersonal)?.path;
  const chosen = isRoot ? (shared ?? personal) : (personal ?? (mayWrite(shared) ? shared : undefined));
  if (chosen !== undefined) return chosen;
  if (shared === undefined) {
    const hint = "install it (tshark is enough), or name the folder: `--directory`";
    throw new RingcapError(`${OPERATION}: Wireshark is not there`, {
      code: "INSTALLATION",
      operation: OPERATION,
      hint,
    });
  }
  const operation = `install into ${shared}`;
  throw new RingcapError(`${operation}: only root may write there, and this Wireshark reads no other folder`, {
    code: "PRIVILEGE",
    operation,
    hint: "sudo ringcap extcap install",
  });
}

/** The folders that this user may change: its own, and with the right to them those of all users. */
export function changeableFolders(folders: readonly ExtcapFolder[]): string[] {
  return folders.filter(({ path, isPersonal }) => isPersonal || mayWrite(path)).map(({ path }) => path);
}

function mayWrite(folder: string | undefined): boolean {
  if (folder === undefined) return false;
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
