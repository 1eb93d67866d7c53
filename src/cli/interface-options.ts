/** The options that say where and how packets are captured, which captures and watches share. */
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { type AddOption, list, number } from "./option-adder.ts";
import { INTERFACE, words } from "./option-values.ts";

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
    {
      values: { ...INTERFACE, words: ["any"] },
      details: `The interfaces must be of the network namespace in which ringcap runs. -D lists them with their numbers.
      With several interfaces, each line says the interface and the direction, and a .pcapng file has both for
      each packet.`,
    },
  );
  add(group, "-s, --snapshot-length <n>", "bytes kept of each packet; default 128, 0 means 262144", number, {
    details: `The kernel copies no more than these bytes. The original length of the packet is kept beside them. 128
      bytes hold the headers of nearly all packets; -s 0 keeps whole packets, of jumbo frames and of segments
      that the network card cuts later too.`,
  });
  add(group, "-Q, --direction <way>", "in, out or inout; default in", {
    values: words("in", "out", "inout"),
    details: `XDP sees only what comes in: out and inout are captured at TC. On the loopback interface, inout captures
      each packet once, as it comes in.`,
  });
  add(group, "--hook <hook>", "auto, xdp, xdp-native, xdp-generic, tc or packet; default auto", {
    values: words("auto", "xdp", "xdp-native", "xdp-generic", "tc", "packet"),
    details: `auto takes native XDP, else generic XDP, else TC, and goes on to the next where the kernel, the driver or
      another program is in the way; a note says why. packet captures with libpcap, where BPF may not be loaded:
      it takes CAP_NET_RAW alone, and auto takes it last.`,
  });
  add(group, "--promiscuous", "also packets for others; undone at the end, whatever ends it", {
    details: "The interface passes on frames for other hardware addresses as long as the capture lasts.",
  });
  add(
    group,
    "-B, --buffer-size <MiB>",
    "of the ring of each CPU; default 16, with -s of 1024 or more 64, less on many CPUs",
    number,
    {
      details: `The size is rounded up to a power of two, and is at most 256. A larger ring outlasts a longer stall of
      whoever reads the packets. Packets that found no room are counted as ringDropped, and the exit status is 1
      then.`,
    },
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
