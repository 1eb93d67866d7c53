/**
 * The words that start a command with the user, the capabilities and the mounts of its unit, by the programs of util-linux
 * (unshare(1), mount(8), setpriv(1)). systemd.exec(5) says what each setting does.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { UserAccount } from "../../native/privileges.ts";
import { shellWord } from "../../options/index.ts";
import { HOMES, isHidden, programDirectory, TEMPORARY } from "../hidden-places.ts";
import type { Service } from "../service.ts";
import type { AttemptSettings } from "./attempt.ts";
import { userWords } from "./stand-in.ts";

/** A number of those that systemd takes for DynamicUser. */
const DYNAMIC_USER = 61184;
const ROOT = 0;
const ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"];
/** Microseconds, of which the service is told as systemd tells it. */
const WATCHDOG = "WATCHDOG_USEC=30000000";

/** Begins only where the check has not died before the kernel was asked to kill its child with it (PR_SET_PDEATHSIG). */
const UNDER_CHECK = '[ "$PPID" = "$1" ] || exit; shift; exec "$@"';

/** What is there for one run alone. */
export interface Surroundings {
  /** The socket of the service manager, `notify`, is in it. */
  readonly directory: string;
  /** What stands for a directory that the service writes to, by its path. */
  readonly standIns: ReadonlyMap<string, string>;
}

export function confinedWords(service: Service, settings: AttemptSettings, surroundings: Surroundings): string[] {
  const { directory } = surroundings;
  const script = [
    "set -e",
    ...mounts(service, settings.applied, surroundings),
    `cd ${stateOf(directory)}`,
    "umask 0077",
    'exec "$@"',
  ].join("\n");
  const environment = [...ENVIRONMENT, WATCHDOG, `NOTIFY_SOCKET=${directory}/notify`];
  return [
    ...["/usr/bin/unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", script, "sh"],
    ...["/usr/bin/setpriv", ...privileges(service, settings), "--pdeathsig", "KILL", "--"],
    ...["/bin/sh", "-c", UNDER_CHECK, "sh", String(process.pid), "/usr/bin/env", "-i", ...environment],
    ...service.program,
    ...service.words,
  ];
}

/** What stands for the state directory, and is gone with the run. */
function stateOf(directory: string): string {
  return `${directory}/state`;
}

function privileges({ user, needs }: Service, { applied, further }: AttemptSettings): string[] {
  const words = userWords(accountOf(user, applied));
  if (applied.has("NoNewPrivileges")) words.push("--no-new-privs");
  const names = applied.has("CapabilityBoundingSet")
    ? [...needs.capabilities, ...further].map((name) => `+${name.replace("CAP_", "").toLowerCase()}`)
    : ownCapabilities().map((bit) => `+cap_${bit}`);
  const set = ["-all", ...names].join(",");
  return [...words, `--bounding-set=${set}`, `--inh-caps=${set}`, `--ambient-caps=${set}`];
}

/** The bits of the capabilities that this process has, and can hand on (proc_pid_status(5)). */
function ownCapabilities(): number[] {
  const [, bits = "0"] = /^CapEff:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (BigInt(`0x${bits}`) >> BigInt(bit)) % 2n === 1n);
}

function accountOf(user: Service["user"], applied: ReadonlySet<string>): Omit<UserAccount, "name"> {
  if (applied.has("User") && user !== undefined) return user;
  const number = applied.has("DynamicUser") ? DYNAMIC_USER : ROOT;
  return { user: number, group: number, groups: [] };
}

/** Shell commands. What is hidden and bound again is held in directories of the run's own meanwhile. */
function mounts(service: Service, applied: ReadonlySet<string>, { directory, standIns }: Surroundings): string[] {
  const { user, group } = accountOf(service.user, applied);
  const state = stateOf(directory);
  const { writes } = service.needs;
  const bound = boundPaths(service).map((path, index) => ({
    path: shellWord(path),
    source: shellWord(standIns.get(path) ?? path),
    held: `${directory}/${index}`,
  }));
  const hidden = [...(applied.has("ProtectHome") ? HOMES : []), ...(applied.has("PrivateTmp") ? TEMPORARY : [])];
  const empty = (path: string) =>
    `mount -t tmpfs -o mode=${TEMPORARY.some((one) => one === path) ? 1777 : 755} tmpfs ${path}`;
  const writable = [state, ...writes];
  return [
    ...bound.flatMap(({ source, held }) => [`mkdir ${held}`, `mount --rbind ${source} ${held}`]),
    `mkdir -m 700 ${state} && chown ${user}:${group} ${state} && mount --bind ${state} ${state}`,
    ...[...standIns]
      .filter(([path]) => !isHidden(path))
      .map((pair) => `mount --bind ${pair.toReversed().map(shellWord).join(" ")}`),
    ...hidden.map((path) => `if [ -d ${path} ]; then ${empty(path)}; fi`),
    ...bound.flatMap(({ path, held }) => [`mkdir -p ${path}`, `mount --rbind ${held} ${path}`]),
    ...(applied.has("ProtectProc") ? ["mount -t proc -o hidepid=2 proc /proc"] : []),
    ...(applied.has("ProtectSystem") ? [readOnly(applied, writable)] : []),
  ];
}

function boundPaths({ program, needs }: Service): string[] {
  const [node = "", script = ""] = [program[0], program.at(-1)];
  return [...new Set([dirname(node), programDirectory(script), ...needs.writes])].filter(isHidden);
}

/** Makes all mounts but those that are writable read-only. The fifth field of mountinfo has blanks as \040 (proc(5)). */
function readOnly(applied: ReadonlySet<string>, writable: readonly string[]): string {
  const kernel = applied.has("ProtectKernelTunables") ? "" : "/sys|/sys/*|";
  const control = applied.has("ProtectControlGroups") ? "" : "/sys/fs/cgroup|/sys/fs/cgroup/*|";
  const spared = `/proc|/proc/*|/dev|/dev/*|${kernel}${control}/tmp|/var/tmp|${writable.map(shellWord).join("|")}`;
  return [
    "while read -r _ _ _ _ place _; do",
    `  place=$(printf %b "$(printf %s "$place" | sed 's/\\\\/\\\\0/g')")`,
    `  case $place in ${spared}) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;; esac`,
    "done < /proc/self/mountinfo",
    ...(applied.has("ProtectKernelTunables")
      ? ["mount --bind /proc/sys /proc/sys", "mount -o remount,bind,ro /proc/sys"]
      : []),
  ].join("\n");
}
