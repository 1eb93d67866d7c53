/** Checks the command line of a service as its command does at its start, and says what it needs of the host. */
import { checkOptions } from "../capture/index.ts";
import { checkConnectionsOptions, checkHalfOpenOptions } from "../connections/index.ts";
import { usageError } from "../errors.ts";
import { explainFilter } from "../explain/index.ts";
import { isLoopback, type ListenAddress, parseListenAddress } from "../flood/index.ts";
import { capabilitiesOf, type ServiceNeeds } from "../service/index.ts";
import { type CaptureFlags, toCaptureOptions } from "./capture-options.ts";
import { planOutput } from "./capture-output.ts";
import { type ConnectionsFlags, toConnectionsOptions } from "./connections-options.ts";
import { toHalfOpenOptions } from "./half-open-command.ts";
import { mayNameHosts } from "./host-names.ts";
import { natsFilesOf } from "./nats-options.ts";
import type { ParquetFlags } from "./parquet-options.ts";
import { toRotation } from "./rotation-flags.ts";
import { listFilesOf, refuseHidden, writtenDirectory } from "./service-paths.ts";
import type { ServiceWords } from "./service-words.ts";
import type { WatchFlags } from "./watch-options.ts";
import { planWatch } from "./watch-plan.ts";
import { planPublishing } from "./watch-publish.ts";

/** @param name of the service @throws RingcapError USAGE, INPUT */
export function serviceNeeds(name: string, given: ServiceWords): ServiceNeeds {
  refuseEnding(given.flags);
  if (given.command === "watch") return watchNeeds(name, given.expression, given.flags);
  if (given.command === "capture") return captureNeeds(name, given.expression, given.flags);
  return connectionsNeeds(name, given.flags);
}

/** Refuses what ends a command by itself, and what the unit decides. */
function refuseEnding(flags: { count?: number; duration?: number; user?: string }): void {
  const ending = flags.duration !== undefined ? "--duration" : flags.count !== undefined ? "--count" : undefined;
  if (ending !== undefined) {
    throw usageError(ending, "a service goes on until it is stopped, and would be started again", "leave it out");
  }
  if (flags.user === undefined) return;
  const hint = "give --user to ringcap service itself, in front of --";
  throw usageError("--user", "the unit says as whom the service runs", hint);
}

function watchNeeds(name: string, expression: readonly string[], flags: WatchFlags): ServiceNeeds {
  refuseHidden(flags.config === undefined ? [] : [["--config", flags.config]]);
  refuseHidden(flags.onIncident === undefined ? [] : [["--on-incident", flags.onIncident]]);
  const { open, secret } = natsFilesOf(flags);
  refuseHidden([...open, ...secret]);
  const lists = listFilesOf(flags);
  const { values, options } = planWatch(expression, flags);
  const publish = planPublishing(flags);
  checkFilter(checkOptions(options).filter.expression);
  const metrics = values.metrics === undefined ? undefined : parseListenAddress(values.metrics);
  const onIncident = values.onIncident;
  refuseHidden(onIncident === undefined ? [] : [["--on-incident", onIncident]]);
  return {
    command: "watch",
    capabilities: rights("watch", flags, metrics),
    writes: [...new Set([...writtenDirectory(name, "-w", values.directory), ...tablesOf(name, flags)])],
    reads: [...(flags.config === undefined ? [] : [flags.config]), ...lists, ...open.map(([, path]) => path)],
    secrets: secret.map(([, path]) => path),
    program: onIncident,
    opensPacketSockets: flags.promiscuous === true || flags.hook === "packet",
    readsProcesses: false,
    network: publish === undefined ? networkOf(options.filter?.expression, onIncident, metrics) : "any",
    reloads: flags.config !== undefined,
  };
}

function captureNeeds(name: string, expression: readonly string[], flags: CaptureFlags): ServiceNeeds {
  for (const [option, value] of [
    ["-D", flags.listInterfaces],
    ["-r", flags.read],
  ] as const) {
    if (value !== undefined) throw usageError(option, "is no capture that goes on until it is stopped", "leave it out");
  }
  const reads = listFilesOf(flags);
  const options = toCaptureOptions(flags, expression);
  const { path } = planOutput(flags);
  if (path === undefined || path === "-") {
    throw usageError("-w", "a service has nobody who reads its lines", "add -w x.pcap -C 100 -W 10");
  }
  if (toRotation(flags) === undefined) {
    throw usageError(
      "-w",
      "one file grows for as long as the service runs",
      "add -C 100 -W 10, or -G 1h --keep-size 20G",
    );
  }
  checkFilter(checkOptions(options).filter.expression);
  refuseHidden(flags.onFile === undefined ? [] : [["--on-file", flags.onFile]]);
  return {
    command: "capture",
    capabilities: rights("capture", flags),
    writes: writtenDirectory(name, "-w", path, false),
    reads,
    program: flags.onFile,
    opensPacketSockets: flags.promiscuous === true || flags.hook === "packet",
    readsProcesses: false,
    network: networkOf(options.filter?.expression, flags.onFile),
    reloads: true,
  };
}

function tablesOf(name: string, { parquet }: ParquetFlags): string[] {
  return parquet === undefined ? [] : writtenDirectory(name, "--parquet", parquet);
}

function connectionsNeeds(name: string, flags: ConnectionsFlags): ServiceNeeds {
  const reads = listFilesOf(flags);
  if (flags.halfOpen) checkHalfOpenOptions(toHalfOpenOptions(flags));
  else checkConnectionsOptions(toConnectionsOptions(flags));
  return {
    command: "connections",
    capabilities: rights("connections", { halfOpen: flags.halfOpen }),
    writes: tablesOf(name, flags),
    reads,
    program: undefined,
    opensPacketSockets: false,
    readsProcesses: flags.details === true,
    network: "none",
    reloads: false,
  };
}

interface RightsFlags {
  hook?: string | undefined;
  promiscuous?: true | undefined;
  halfOpen?: true | undefined;
}

function rights(command: ServiceNeeds["command"], flags: RightsFlags, metrics?: ListenAddress) {
  const { hook, promiscuous = false, halfOpen = false } = flags;
  return capabilitiesOf({ command, hook, promiscuous, halfOpen, port: metrics?.port });
}

/** The expression is compiled for Ethernet, because the interface need not be there yet. */
function checkFilter(expression: string | undefined): void {
  if (expression !== undefined) explainFilter({ filter: { expression } });
}

function networkOf(
  expression: string | undefined,
  program: string | undefined,
  metrics?: ListenAddress,
): ServiceNeeds["network"] {
  // What a program of the user asks for is not known, and mostly it tells somebody.
  if (program !== undefined || mayNameHosts(expression ?? "")) return "any";
  if (metrics === undefined) return "none";
  return isLoopback(metrics.host) ? "loopback" : "any";
}
