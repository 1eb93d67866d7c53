/** A device that libpcap can capture from (native/pcap_devices.cc). */
export interface PcapDevice {
  name: string;
  /** What libpcap says of it, where it says something. */
  description?: string;
  /** Addresses of IPv4 and IPv6 as inet_ntop(3) writes them. */
  addresses: { addr: string; netmask?: string; broadaddr?: string; dstaddr?: string }[];
  loopback: boolean;
}
