/** The interfaces that Wireshark shows: each of the host's once for XDP and once for TC. */
import { usageError } from "../errors.ts";

export type ExtcapHook = "xdp" | "tc";

export interface ExtcapInterface {
  /** The interface of the host. */
  readonly device: string;
  readonly hook: ExtcapHook;
}

export const NAME_PREFIX = "ringcap-";

/** What Wireshark shows behind the name of the device. */
const HOOK_TITLES: Readonly<Record<ExtcapHook, string>> = { xdp: "XDP", tc: "TC, both directions" };

/** Returns what Wireshark shows: `ringcap: eth0 (XDP)`. */
export function titleOf({ device, hook }: ExtcapInterface): string {
  return `ringcap: ${device} (${HOOK_TITLES[hook]})`;
}

/** Reads the name that Wireshark uses for an interface: `ringcap-eth0-xdp`. @throws RingcapError USAGE */
export function parseInterfaceName(name: string | undefined): ExtcapInterface {
  const [, device, hook] = /^ringcap-(.+)-(xdp|tc)$/s.exec(name ?? "") ?? [];
  if (device !== undefined && (hook === "xdp" || hook === "tc")) return { device, hook };
  const message = name === undefined ? "no interface is named" : `"${name}" is no interface of ringcap`;
  throw usageError("--extcap-interface", message, "tshark -D lists them");
}
