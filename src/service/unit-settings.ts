/** The settings of a unit, in sections. The manual pages systemd.unit(5), .service(5), .exec(5) and .resource-control(5) describe them. */
import { dirname } from "node:path";
import { HOMES, isBelow, isHidden, programDirectory } from "./hidden-places.ts";
import { type Service, stateDirectory } from "./service.ts";
import { boundPathWord, commandWord, literal, pathWord } from "./unit-words.ts";

/** A setting may be given several times, and then each line adds to those before. */
export type Setting = readonly [name: string, value: string];

export interface UnitSections {
  readonly Unit: readonly Setting[];
  readonly Service: readonly Setting[];
  readonly Install: readonly Setting[];
}

/** Seconds. A watch is not healthy when it has not looked at its rules for ten. */
const WATCHDOG_SECONDS = 30;
/** Seconds for the page of the last incident, for the program of --on-incident, and for a slow disk. */
const STOP_SECONDS = 120;
/** Exit codes that a new start does not change: wrong usage, and a file with a mistake. */
const NO_RESTART = "2 3";

export function unitSections(service: Service): UnitSections {
  const { name, needs } = service;
  return {
    Unit: [
      ["Description", `ringcap ${needs.command} (${literal(name)})`],
      ["After", "network.target"],
    ],
    Service: [
      ...running(service),
      ...rights(service),
      ...files(service),
      ...kernel(service),
      ...network(service),
      ...systemCalls(),
    ],
    Install: [["WantedBy", "multi-user.target"]],
  };
}

function running({ program, words, needs }: Service): Setting[] {
  return [
    ["Type", "notify"],
    ["ExecStart", [...program, ...words].map(commandWord).join(" ")],
    ...(needs.reloads ? ([["ExecReload", "/bin/kill -HUP $MAINPID"]] as const) : []),
    ["Restart", "on-failure"],
    ["RestartSec", "10s"],
    ["RestartPreventExitStatus", NO_RESTART],
    ["WatchdogSec", `${WATCHDOG_SECONDS}s`],
    // A watch waits for an interface that is not there yet, and is ready when it captures from one.
    ...(needs.command === "watch" ? ([["TimeoutStartSec", "infinity"]] as const) : []),
    ["TimeoutStopSec", `${STOP_SECONDS}s`],
    ["KillMode", "mixed"],
    ["LimitMEMLOCK", "infinity"],
  ];
}

function rights({ user, needs }: Service): Setting[] {
  const capabilities = needs.capabilities.join(" ");
  return [
    user === undefined ? ["DynamicUser", "yes"] : ["User", literal(user.name ?? String(user.user))],
    ["AmbientCapabilities", capabilities],
    ["CapabilityBoundingSet", capabilities],
    ["NoNewPrivileges", "yes"],
    ["RestrictSUIDSGID", "yes"],
    ["UMask", "0077"],
  ];
}

function files(service: Service): Setting[] {
  const { name, program, needs } = service;
  const [node = "", script = ""] = [program[0], program.at(-1)];
  const seen = [...new Set([dirname(node), programDirectory(script)])].filter(isHidden);
  const all = [...seen, ...needs.writes];
  return [
    ["StateDirectory", `ringcap/${literal(name)}`],
    ["StateDirectoryMode", "0700"],
    ["WorkingDirectory", pathWord(stateDirectory(service))],
    ["ProtectSystem", "strict"],
    ["ProtectHome", all.some((path) => isBelow(path, HOMES)) ? "tmpfs" : "yes"],
    ["PrivateTmp", "yes"],
    ...seen.map((path): Setting => ["BindReadOnlyPaths", boundPathWord(path)]),
    ...needs.writes.map(
      (path): Setting => (isHidden(path) ? ["BindPaths", boundPathWord(path)] : ["ReadWritePaths", pathWord(path)]),
    ),
    ["PrivateDevices", "yes"],
    ["DevicePolicy", "closed"],
    ["RemoveIPC", "yes"],
    ["KeyringMode", "private"],
  ];
}

function kernel({ needs }: Service): Setting[] {
  return [
    ["ProtectKernelTunables", "yes"],
    ["ProtectKernelModules", "yes"],
    ["ProtectKernelLogs", "yes"],
    ["ProtectControlGroups", "yes"],
    ["ProtectClock", "yes"],
    ["ProtectHostname", "yes"],
    ...(needs.readsProcesses ? [] : ([["ProtectProc", "invisible"]] as const)),
    ["RestrictNamespaces", "yes"],
    ["RestrictRealtime", "yes"],
    ["LockPersonality", "yes"],
  ];
}

function network({ needs }: Service): Setting[] {
  // Interfaces are asked about through AF_INET, and through AF_NETLINK. AF_UNIX is for the service manager.
  const families = ["AF_UNIX", "AF_NETLINK", "AF_INET"];
  if (needs.network !== "none") families.push("AF_INET6");
  if (needs.opensPacketSockets) families.push("AF_PACKET");
  return [
    ["RestrictAddressFamilies", families.join(" ")],
    ...(needs.network === "any" ? [] : ([["IPAddressDeny", "any"]] as const)),
    ...(needs.network === "loopback" ? ([["IPAddressAllow", "localhost"]] as const) : []),
  ];
}

function systemCalls(): Setting[] {
  return [
    ["SystemCallArchitectures", "native"],
    ["SystemCallFilter", "@system-service @pkey bpf"],
    ["SystemCallErrorNumber", "EPERM"],
  ];
}
