/** Who may capture through Wireshark, and in which way. Each way is tried and not guessed. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { CLOSED_INSPECTOR } from "../host/closed-inspector.ts";
import { readProcessPrivileges } from "../host/process-privileges.ts";
import { GRANTED_PROGRAM } from "./granted-paths.ts";
import { ownScript } from "./installation.ts";

/** For a start of ringcap on a machine that is busy. */
const PATIENCE_MILLISECONDS = 10_000;
/** The user of nobody, as Linux numbers it (/proc/sys/kernel/overflowuid). */
const NOBODY = 65_534;

export interface CaptureWay {
  readonly name: "root" | "capabilities" | "sudo";
  readonly works: boolean;
  readonly finding: string;
  /** The group whose members may run the program that has the capabilities. */
  readonly group?: string;
  /** What makes it work. */
  readonly remedy?: string;
}

/**
 * The words that run the command for the user who calls sudo. Arguments may stand behind them, as in the line for
 * /etc/sudoers.d of docs/wireshark.md.
 */
export function sudoWords(): string[] {
  return [process.execPath, CLOSED_INSPECTOR, ownScript(), "extcap", "run", "--until-input-ends"];
}

/** Whether this process may load and attach the programs of a capture. */
export function mayCapture(): boolean {
  const { capabilities, inInitialUserNamespace } = readProcessPrivileges();
  const isAdministrator = capabilities.has("CAP_SYS_ADMIN");
  const mayLoad = isAdministrator || (capabilities.has("CAP_BPF") && capabilities.has("CAP_PERFMON"));
  return inInitialUserNamespace && mayLoad && capabilities.has("CAP_NET_ADMIN");
}

/**
 * Tries the ways in which this user may capture, in the order in which the launcher takes them. Root is told of a group that may
 * capture, too.
 */
export function captureWays(): CaptureWay[] {
  if (process.geteuid?.() === 0) {
    const works = mayCapture();
    const finding = works ? "this is root" : "this is root without the capabilities";
    return [{ name: "root", works, finding }, ...(existsSync(GRANTED_PROGRAM) ? [grantedWay(NOBODY)] : [])];
  }
  return [capabilitiesWay(), sudoWay()];
}

function capabilitiesWay(): CaptureWay {
  const name = "capabilities";
  if (!existsSync(GRANTED_PROGRAM)) {
    const remedy = "sudo ringcap extcap install --grant wireshark";
    return { name, works: false, finding: "no program has been given them", remedy };
  }
  try {
    accessSync(GRANTED_PROGRAM, constants.X_OK);
  } catch {
    const remedy = `\`stat -c %G ${GRANTED_PROGRAM}\` names the group; \`sudo usermod -aG GROUP USER\` lets a user in, who logs in anew`;
    return { name, works: false, finding: "this user is not in the group that may run the program", remedy };
  }
  return grantedWay();
}

/** @param uid the user as whom a member of the group tries it; undefined: this one */
function grantedWay(uid?: number): CaptureWay {
  const { gid } = statSync(GRANTED_PROGRAM);
  const works = tells(GRANTED_PROGRAM, [], uid === undefined ? {} : { uid, gid });
  const { stdout } = spawnSync("getent", ["group", "--", String(gid)], { encoding: "utf8" });
  const group = stdout?.split(":")[0] || String(gid);
  const way = { name: "capabilities", works, group } as const;
  if (works) return { ...way, finding: `${GRANTED_PROGRAM} has them, for members of ${group}` };
  const remedy = `sudo ringcap extcap install --grant ${group} gives them anew`;
  return { ...way, finding: `${GRANTED_PROGRAM}, for members of ${group}, runs without them`, remedy };
}

function sudoWay(): CaptureWay {
  const name = "sudo";
  if (tells("sudo", ["-n", ...sudoWords()]))
    return { name, works: true, finding: "it runs ringcap without a password" };
  const remedy = "docs/wireshark.md has the line for /etc/sudoers.d";
  return { name, works: false, finding: "it does not run ringcap without a password", remedy };
}

/** Whether sudo lets this user capture without a password. */
export function isSudoAllowed(): boolean {
  const { status } = spawnSync("sudo", ["-n", "-l", ...sudoWords(), "--capture"], { stdio: "ignore" });
  return status === 0;
}

function tells(program: string, words: readonly string[], user: { uid?: number; gid?: number } = {}): boolean {
  const options = { stdio: "ignore", timeout: PATIENCE_MILLISECONDS, ...user } as const;
  const { status } = spawnSync(program, [...words, "--rights"], options);
  return status === 0;
}
