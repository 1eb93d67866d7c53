/** Whether libpcap is there, without which expressions cannot be compiled; everything else works. */
import { RingcapError, reasonOf } from "../errors.ts";
import { compilePcapFilter } from "../native/pcap-filter.ts";
import { PCAP_LIBRARIES } from "../native/pcap-library.ts";
import type { Check } from "./check.ts";

const ETHERNET = { linkType: 1, byteOrder: "none", snapshotLength: 262_144, optimise: true, netmask: 0 } as const;

export function checkFilterCompiler(libraries: readonly string[] = PCAP_LIBRARIES): Check {
  const name = "filter expressions";
  try {
    compilePcapFilter("", ETHERNET, libraries);
    return { name, status: "ok", finding: "libpcap compiles them" };
  } catch (error) {
    const remedy = error instanceof RingcapError ? error.hint : undefined;
    return { name, status: "warning", finding: reasonOf(error), ...(remedy === undefined ? {} : { remedy }) };
  }
}
