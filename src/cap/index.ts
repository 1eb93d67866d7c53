/**
 * The interface of npm's `cap` 0.2.1, for programs that were written for it: `ringcap/cap` takes the place of `cap` in
 * their import or require(), and nothing else changes (docs/cap.md).
 */
import { Cap } from "./cap.ts";
import { decoders } from "./decoders/index.ts";
import { deviceList, findDevice } from "./devices.ts";

export type {
  ArpResult,
  EthernetResult,
  IcmpInfo,
  Icmpv4Result,
  Ipv4Result,
  Ipv6Result,
  SctpResult,
  TcpResult,
  UdpResult,
} from "./decoders/index.ts";
export type { Device, DeviceAddress } from "./devices.ts";
export { Cap, decoders, deviceList, findDevice };
/** For `import cap from`, which programs write to import a CommonJS module. */
export default { Cap, decoders, deviceList, findDevice };
