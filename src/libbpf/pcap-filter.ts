/** libpcap's compiler of filter expressions. The library is loaded at the first use, and needed for nothing else. */
import { errnoOf, RingcapError, type SystemFailure } from "../errors.ts";
import { addon } from "./addon.ts";

export interface PcapFilterTarget {
  /** LINKTYPE_ number for a file, otherwise the DLT_ number of this system, which is not always the same. */
  readonly linkType: number;
  /** Of the capture file that the expression is for; "none" for packets that are captured. */
  readonly byteOrder: "little" | "big" | "none";
  /** Bytes: what the program returns for a match. */
  readonly snapshotLength: number;
  readonly optimise: boolean;
  /** Of the network that `ip broadcast` asks about: 0xffffff00 is 255.255.255.0. */
  readonly netmask: number;
}

/** The instructions as struct sock_filter, one after the other, or what libpcap has against the expression. */
export type PcapFilter =
  | { readonly code: Uint8Array; readonly complaint?: undefined }
  | { readonly code?: undefined; readonly complaint: string };

/** Debian's name, everybody else's, and that of the development files. */
export const PCAP_LIBRARIES: readonly string[] = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];

/**
 * @param libraries names for dlopen(3), in the order in which they are tried
 * @throws RingcapError INSTALLATION when none of them can be loaded
 */
export function compilePcapFilter(
  expression: string,
  target: PcapFilterTarget,
  libraries: readonly string[] = PCAP_LIBRARIES,
): PcapFilter {
  const { linkType, snapshotLength, optimise, netmask, byteOrder } = target;
  const obstacles: string[] = [];
  for (const library of libraries) {
    try {
      const compile = addon().compilePcapFilter;
      const result = compile(library, expression, linkType, snapshotLength, optimise, netmask, byteOrder);
      return typeof result === "string" ? { complaint: result } : { code: result };
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      obstacles.push((error as SystemFailure).log ?? "");
    }
  }
  throw missingLibrary(obstacles);
}

function missingLibrary(obstacles: readonly string[]): RingcapError {
  const operation = "load libpcap, which compiles filter expressions";
  // One that is there and cannot be loaded explains more than those that are not there.
  const telling = obstacles.find((text) => !text.includes("No such file")) ?? "it is not installed";
  return new RingcapError(`${operation}: ${telling}`, {
    code: "INSTALLATION",
    operation,
    hint: "apt-get install libpcap0.8 (elsewhere the package is called libpcap); the filter options (--port, --host) work without it",
  });
}
