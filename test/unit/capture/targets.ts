/** Interfaces for what is decided before anything is opened. */
import type { CaptureInterface } from "../../../src/host/interfaces.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";

/** An index that no interface of a host has: what looks at it in the kernel finds none. */
export const NO_INTERFACE = 0x7fff_ffff;

export const ethernet: CaptureInterface = {
  name: "v0",
  index: NO_INTERFACE,
  hardwareType: 1,
  flags: 1,
  mtu: 1500,
  address: new Uint8Array(6),
  speed: 0,
  takesVlanTagsOut: false,
  completesPackets: false,
  transmitQueues: 1,
  driver: "veth",
  link: ETHERNET,
  up: true,
  loopback: false,
};

export const tunnel: CaptureInterface = { ...ethernet, name: "tun0", hardwareType: 0xfffe, link: RAW_IP };
