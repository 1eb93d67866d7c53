/** The options that need a program in the packet's way. libpcap sees copies of packets only. */
import { usageError } from "../errors.ts";

interface OwnerSettings {
  readonly process: boolean;
  readonly onlyCommand: boolean;
  readonly pids: readonly number[];
  readonly comms: readonly string[];
}

interface ProgramOnlySettings extends OwnerSettings {
  readonly action: "pass" | "drop";
  readonly countedKeys: readonly unknown[] | undefined;
  readonly countsIfPossible: boolean;
}

const REASONS_BEYOND_PACKET: Readonly<Record<string, string>> = {
  action: "libpcap has copies of packets only",
  counts: "libpcap does not count by key",
};

/** @throws RingcapError USAGE that names the option */
export function refuseBeyondPacket(settings: ProgramOnlySettings): void {
  const option = optionBeyondPacket(settings);
  if (option === undefined) return;
  const reason = REASONS_BEYOND_PACKET[option] ?? "libpcap cannot tell whose a packet is";
  throw usageError(option, reason, 'use `hook: "tc"`');
}

/** The first of these options that is given, if there is one. */
export function optionBeyondPacket(settings: ProgramOnlySettings): string | undefined {
  if (settings.action === "drop") return "action";
  const mustCount = settings.countedKeys !== undefined && !settings.countsIfPossible;
  return mustCount ? "counts" : optionOfSettings(settings);
}

/** Whether the program has to find the process of each packet's socket. */
export function asksForOwners(settings: OwnerSettings): boolean {
  return optionOfSettings(settings) !== undefined;
}

function optionOfSettings({ pids, comms, ...settings }: OwnerSettings): string | undefined {
  return optionOfOwners({ ...settings, pid: pids.length > 0 || undefined, comm: comms.length > 0 || undefined });
}

/** The option that asks whose packets they are, if there is one. */
export function optionOfOwners(
  options: Readonly<Partial<Record<"process" | "onlyCommand" | "pid" | "comm", unknown>>>,
): string | undefined {
  if (options.process) return "process";
  if (options.onlyCommand) return "onlyCommand";
  if (options.pid) return "pid";
  return options.comm ? "comm" : undefined;
}
