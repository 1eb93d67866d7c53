/** libpcap's compiler of filter expressions. */
import { addon } from "./addon.ts";
import { PCAP_LIBRARIES, withPcapLibrary } from "./pcap-library.ts";

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
  return withPcapLibrary("compiles filter expressions", libraries, (library) => {
    const compile = addon().compilePcapFilter;
    const result = compile(library, expression, linkType, snapshotLength, optimise, netmask, byteOrder);
    return typeof result === "string" ? { complaint: result } : { code: result };
  });
}
