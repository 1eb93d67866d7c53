/** An interface as the kernel describes it (native/interfaces.cc). */
export interface NetworkInterface {
  name: string;
  index: number;
  /** ARPHRD_* of include/uapi/linux/if_arp.h. */
  hardwareType: number;
  /** IFF_* of include/uapi/linux/if.h. */
  flags: number;
  /** Bytes. */
  mtu: number;
  /** Six bytes: the MAC address where the hardware type is Ethernet. */
  address: Uint8Array;
  /** Megabits a second; 0 where it is not told. */
  speed: number;
  /** Of the device; empty where it is not told. */
  driver: string;
  /** Whether VLAN tags are handed over beside the frame, where XDP programs do not see them (rx-vlan-offload). */
  takesVlanTagsOut: boolean;
  /** Whether it computes checksums or cuts segments of what it sends (tx checksum, TSO or GSO of `ethtool -k`). */
  completesPackets: boolean;
  /** Queues that it sends through. */
  transmitQueues: number;
}
