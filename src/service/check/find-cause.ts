/** Finds what keeps a command from its work, by leaving out one restriction of the unit after the other. */
import type { Service } from "../service.ts";
import type { Runner } from "./attempt.ts";

/** The restrictions of more than one setting, and those that are the likeliest cause, which are tried first. */
const RESTRICTIONS: readonly (readonly string[])[] = [
  ["CapabilityBoundingSet", "AmbientCapabilities"],
  ["DynamicUser", "User"],
  ["ProtectHome", "BindPaths", "BindReadOnlyPaths"],
  ["PrivateTmp"],
  ["ProtectSystem", "ReadWritePaths"],
  ["ProtectProc"],
  ["ProtectKernelTunables"],
  ["ProtectControlGroups"],
  ["SystemCallFilter", "SystemCallErrorNumber"],
  ["RestrictAddressFamilies"],
  ["IPAddressDeny", "IPAddressAllow"],
  ["PrivateDevices", "DevicePolicy"],
  ["RestrictNamespaces"],
  ["NoNewPrivileges"],
];

/** Whether a setting takes something away from the service. */
export function isRestriction(name: string): boolean {
  return /^(Protect|Private|Restrict|SystemCall|Device|IPAddress|Lock|RemoveIPC|Keyring)/.test(name);
}

/** The restrictions among these settings, each with the settings that make it. */
function restrictionsOf(all: ReadonlySet<string>): string[][] {
  const known = RESTRICTIONS.map((names) => names.filter((name) => all.has(name))).filter(({ length }) => length > 0);
  const others = [...all].filter((name) => isRestriction(name) && !RESTRICTIONS.flat().includes(name));
  return [...known, ...others.map((name) => [name])];
}

/** Capabilities that a unit does not give, of which one may be what lacks. */
const FURTHER = [
  ...["CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_BPF", "CAP_PERFMON", "CAP_NET_BIND_SERVICE", "CAP_SYS_ADMIN"],
  ...["CAP_SYS_RESOURCE", "CAP_DAC_READ_SEARCH", "CAP_DAC_OVERRIDE", "CAP_SYS_PTRACE", "CAP_IPC_LOCK"],
];

/** @returns a sentence about a line of the unit; undefined where no line of it is the cause */
export async function findCause(
  service: Service,
  runner: Runner,
  all: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const begins = async (without: readonly string[], further: readonly string[] = []) => {
    const applied = new Set([...all].filter((name) => !without.includes(name)));
    return !signal.aborted && (await runner.attempt(service, { applied, further }, undefined, signal)).isReady;
  };
  const restrictions = restrictionsOf(all);
  if (!(await begins(restrictions.flat()))) return undefined;
  for (const lines of restrictions) {
    if (!(await begins(lines))) continue;
    if (!lines.includes("CapabilityBoundingSet")) return `it begins without the unit's ${lines.join("= and ")}=`;
    for (const capability of FURTHER) {
      if (service.needs.capabilities.some((own) => own === capability) || !(await begins([], [capability]))) continue;
      return `it begins with ${capability} in the unit's ${lines.join("= and ")}=`;
    }
    return `it begins with more capabilities than the unit's ${lines.join("= and ")}= have`;
  }
  return "several lines of the unit keep it from that: it begins without all of them";
}
