/** Errors of libpcap when it cannot open an interface. */
import { errnoOf, RingcapError, reasonOf, type SystemFailure } from "../errors.ts";
import { type CaptureInterface, interfaceError } from "../host/interfaces.ts";

/** DLT_ numbers of pcap/dlt.h on Linux. */
const EN10MB = 1;
const RAW = 12;
const LINUX_SLL = 113;

/** @param error as PcapCapture.open() throws it */
export function openError(name: string, error: unknown): RingcapError {
  const operation = `open ${name} with libpcap`;
  const words = (error as SystemFailure).log;
  const message = `${operation}: ${reasonOf(error)}${words ? `: ${words}` : ""}`;
  switch (errnoOf(error)) {
    case "EPERM":
      return new RingcapError(message, {
        code: "PRIVILEGE",
        operation,
        hint: "run it as root, or give it the capability CAP_NET_RAW",
        cause: error,
      });
    case "ENETDOWN":
      return interfaceError(operation, "it is down", `\`ip link set ${name} up\` brings it up`);
    case "ENODEV":
      return interfaceError(operation, "the interface went away");
    default:
      return new RingcapError(message, { code: "KERNEL", operation, cause: error });
  }
}

/**
 * libpcap opens interfaces that it does not know in "cooked" mode, with a header of its own before the network layer.
 * For interfaces that ringcap takes for raw IP that header is left out. For others there is no frame as it was on the
 * wire.
 */
export function refusedLinkType({ name, link }: CaptureInterface, dataLinkType: number): RingcapError | undefined {
  const expected = link.linkLayer === "ethernet" ? [EN10MB] : [RAW, LINUX_SLL];
  if (expected.includes(dataLinkType)) return undefined;
  const what = `libpcap gives its packets link type ${dataLinkType}, not ${link.description}`;
  return interfaceError(`capture from ${name} with libpcap`, what, 'use `hook: "tc"`');
}
