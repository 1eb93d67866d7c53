/** Turns `ringcap -r FILE`, which tcpdump's users type, into `ringcap replay FILE`. */
import { usageError } from "../errors.ts";
import type { CaptureFlags } from "./capture-options.ts";
import type { ReplayFlags } from "./replay-options.ts";

/** Options that ask for a capture, by the names of their flags. A file cannot honour them. */
const OF_CAPTURES: Readonly<Partial<Record<keyof CaptureFlags, string>>> = {
  interface: "--interface",
  duration: "--duration",
  direction: "--direction",
  hook: "--hook",
  promiscuous: "--promiscuous",
  action: "--action",
  pid: "--pid",
  comm: "--comm",
  process: "--process",
  onlyCommand: "--only-command",
  listInterfaces: "-D",
};

/** Makes the options of a replay. @throws RingcapError USAGE for an option that a file cannot honour */
export function toReplay(flags: CaptureFlags): { file: string; replayFlags: ReplayFlags } {
  const { read, interface: _i, duration: _d, direction: _q, hook: _h, promiscuous: _p, action: _a, ...others } = flags;
  for (const [name, option] of Object.entries(OF_CAPTURES)) {
    if (Object.hasOwn(flags, name)) {
      throw usageError(option, "does not go with -r, which reads a file", "leave it out; ringcap replay --help");
    }
  }
  return { file: read ?? "-", replayFlags: others };
}
