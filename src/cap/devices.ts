/** The devices, as npm's `cap` lists and finds them. */
import { kernelError } from "../host/kernel-error.ts";
import { listPcapDevices, type PcapDevice } from "../native/pcap-devices.ts";

/** An address of IPv4 or IPv6, as inet_ntop(3) writes it. */
export interface DeviceAddress {
  /** The address of the device itself. */
  addr: string;
  /** The mask of its network. */
  netmask?: string;
  /** Where frames for all hosts of the network are sent. */
  broadaddr?: string;
  /** The other end of a point-to-point link. */
  dstaddr?: string;
}

/** A device that libpcap can capture from. */
export interface Device {
  /** What open() of a capture takes. */
  name: string;
  /** What libpcap says of it, where it says something. */
  description?: string;
  /** Its addresses, in the order of the kernel. */
  addresses: DeviceAddress[];
  /** "PCAP_IF_LOOPBACK", of a loopback interface alone. */
  flags?: string;
}

/** The devices that libpcap can capture from, in its order. @throws RingcapError INSTALLATION without libpcap; KERNEL */
export function deviceList(): Device[] {
  return devices().map(({ loopback, ...device }) => ({
    ...device,
    ...(loopback ? { flags: "PCAP_IF_LOOPBACK" } : {}),
  }));
}

/**
 * The name of the first device that has the address, or any address where none is given.
 *
 * @param address as inet_ntop(3) writes it
 * @throws TypeError for an argument that is no string; RingcapError INSTALLATION without libpcap; KERNEL
 */
export function findDevice(...address: [ip?: string]): string | undefined {
  const found = devices();
  const [wanted] = address;
  // An argument that is undefined is an argument, as in npm's `cap`.
  if (address.length > 0 && typeof wanted !== "string") throw new TypeError("Expected string for IP");
  const has = (device: PcapDevice) => device.addresses.some(({ addr }) => wanted === undefined || addr === wanted);
  return found.find(has)?.name;
}

function devices(): PcapDevice[] {
  try {
    return listPcapDevices();
  } catch (error) {
    throw kernelError("list the devices", error);
  }
}
