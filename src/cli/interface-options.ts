/** The options that say where and how packets are captured, which captures and watches share. */
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { type AddOption, list, number } from "./option-adder.ts";

export interface InterfaceFlags {
  interface?: string[];
  snapshotLength?: number;
  direction?: CaptureOptions["direction"];
  hook?: CaptureOptions["hook"];
  promiscuous?: true;
  bufferSize?: number;
}

export function addInterfaceOptions(add: AddOption, group: string): void {
  add(
    group,
    "-i, --interface <name>",
    "repeatable, a number of -D too; any: all that are up; default: that of the default route",
    list,
  );
  add(group, "-s, --snapshot-length <n>", "bytes kept of each packet; default 128, 0 means 262144", number);
  add(group, "-Q, --direction <way>", "in, out or inout; default in");
  add(group, "--hook <hook>", "auto, xdp, xdp-native, xdp-generic, tc or packet; default auto");
  add(group, "--promiscuous", "also packets for others; undone at the end, whatever ends it");
  add(
    group,
    "-B, --buffer-size <MiB>",
    "of the ring of each CPU; default 16, with -s of 1024 or more 64, less on many CPUs",
    number,
  );
}

/** @throws RingcapError USAGE for an empty name */
export function toInterfaceOptions(flags: InterfaceFlags) {
  if (flags.interface?.includes("")) {
    throw usageError("--interface", "the name is empty", "name one, or leave the option out; ringcap -D lists them");
  }
  return {
    interfaces: flags.interface,
    snapshotLength: flags.snapshotLength,
    direction: flags.direction,
    hook: flags.hook,
    promiscuous: flags.promiscuous,
    bufferSize: flags.bufferSize,
  } satisfies CaptureOptions;
}
