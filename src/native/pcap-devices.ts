/** The devices that libpcap can capture from. */
import { addon } from "./addon.ts";
import type { PcapDevice } from "./pcap-device.ts";
import { PCAP_LIBRARIES, withPcapLibrary } from "./pcap-library.ts";

export type { PcapDevice } from "./pcap-device.ts";

/**
 * The devices in libpcap's order: those first that are most likely wanted.
 *
 * @throws RingcapError INSTALLATION without libpcap; a system failure with libpcap's words as `log`
 */
export function listPcapDevices(): PcapDevice[] {
  return withPcapLibrary("lists the devices", PCAP_LIBRARIES, (library) => addon().listPcapDevices(library));
}
