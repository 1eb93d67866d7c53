/** Reads ADDRESS:PORT of --metrics. */
import { isIPv4, isIPv6 } from "node:net";
import { usageError } from "../../errors.ts";

export interface ListenAddress {
  /** In text, without brackets. */
  readonly host: string;
  /** 0 lets the kernel choose one. */
  readonly port: number;
}

const LOOPBACK = "127.0.0.1";
const PORT_MAX = 65535;
const HINT = "write 9477 for this host alone, 0.0.0.0:9477 or [::]:9477 for all addresses, or one address: [::1]:9477";

/** A port without an address is one of this host alone. @throws RingcapError USAGE */
export function parseListenAddress(text: string): ListenAddress {
  const [, name = "", digits = ""] = /^(?:(.*):)?(\d{1,5})$/s.exec(text) ?? [];
  const host = name === "" || name === "localhost" ? LOOPBACK : name.replace(/^\[([\da-f:.]*)\]$/i, "$1");
  const isAddress = isIPv4(host) || (isIPv6(host) && host !== name);
  const port = Number(digits);
  if (digits === "" || port > PORT_MAX || !isAddress) {
    throw usageError("metrics", `"${text}" is no address and port`, HINT);
  }
  return { host, port };
}

/** Whether only this host can reach the address. */
export function isLoopback(host: string): boolean {
  return /^127\./.test(host) || host === "::1";
}
