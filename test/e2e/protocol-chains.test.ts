/** `protochain` at every hook, live: in the kernel's programs, in those of packet sockets, and on the host behind these. */
import { expect, test } from "vitest";
import { hexOf, startFileCapture } from "../support/capturing.ts";
import {
  authentication,
  destinationOptions,
  ethernet,
  hopByHop,
  ipv4,
  ipv6,
  raw,
  tcp,
  udp,
} from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "editcap", "capinfos"),
];

const behind = [
  ethernet({ payload: ipv6({ payload: tcp() }) }),
  ethernet({ payload: ipv6({ extensions: [hopByHop(), destinationOptions()], payload: tcp() }) }),
  ethernet({ payload: ipv6({ extensions: Array.from({ length: 16 }, () => destinationOptions()), payload: tcp() }) }),
];
const others = [
  ethernet({ payload: ipv6({ extensions: Array.from({ length: 17 }, () => destinationOptions()), payload: tcp() }) }),
  ethernet({ payload: ipv6({ extensions: [hopByHop()], payload: udp() }) }),
  ethernet({ payload: ipv6({ extensions: [authentication()], payload: udp() }) }),
  // libpcap's loop would come back to these headers for ever.
  ethernet({ payload: ipv6({ payload: raw(51, [51, 8, ...new Uint8Array(40)]) }) }),
  ethernet({ payload: ipv4({ payload: raw(51, [51, 3, ...new Uint8Array(40)]) }) }),
];

/** More instructions than the kernel takes of a packet socket. */
const LONG = Array.from({ length: 8 }, (_, index) => `protochain ${200 + index}`).join(" or ");

describeWith(needed, "protochain, live", () => {
  test.each([
    ["xdp", "ip6 protochain 6"],
    ["tc", "protochain 6"],
    ["packet", "protochain 6"],
    ["packet", `protochain 6 or ${LONG}`],
  ])("finds what stands behind headers, at %s: %s", async (hook, expression) => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", hook, "-s", "0", expression]);
    await network.sendFrames([...others, ...behind]);
    const { packets } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(behind));
  });
});
