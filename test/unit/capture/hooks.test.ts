import { expect, test } from "vitest";
import { hookCandidates } from "../../../src/capture/hooks.ts";
import { type CaptureOptions, checkOptions, optionBeyondPacket } from "../../../src/capture/options.ts";
import type { CaptureInterface } from "../../../src/host/interfaces.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";

const ethernet: CaptureInterface = {
  name: "v0",
  index: 1,
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
const tunnel: CaptureInterface = { ...ethernet, hardwareType: 0xfffe, link: RAW_IP };

const candidates = (options: CaptureOptions, target = ethernet) =>
  hookCandidates(checkOptions(options), target, undefined);

test("auto tries what costs least first, and libpcap last", () => {
  expect(candidates({})).toEqual(["xdp-native", "xdp-generic", "tc", "packet"]);
  expect(candidates({ direction: "out" })).toEqual(["tc", "packet"]);
  expect(candidates({ direction: "inout" })).toEqual(["tc", "packet"]);
  expect(candidates({}, tunnel)).toEqual(["tc", "packet"]);
  expect(candidates({ filter: { vlan: 5 } }, { ...ethernet, takesVlanTagsOut: true })).toEqual(["tc", "packet"]);
});

test("auto leaves libpcap out where an option is beyond it", () => {
  expect(candidates({ action: "drop" })).toEqual(["xdp-native", "xdp-generic", "tc"]);
  expect(candidates({ process: true })).toEqual(["tc"]);
  expect(candidates({ pid: "1" })).toEqual(["tc"]);
  expect(candidates({ comm: "curl" })).toEqual(["tc"]);
});

test("a hook that was asked for is the only one", () => {
  expect(candidates({ hook: "packet" })).toEqual(["packet"]);
  expect(candidates({ hook: "packet", direction: "inout" }, tunnel)).toEqual(["packet"]);
  expect(candidates({ hook: "xdp" })).toEqual(["xdp-native", "xdp-generic"]);
  expect(candidates({ hook: "tc" })).toEqual(["tc"]);
});

test("what libpcap cannot honour has the name of its option", () => {
  const named = (options: CaptureOptions) => optionBeyondPacket(checkOptions(options));
  expect(named({})).toBeUndefined();
  expect(named({ action: "drop" })).toBe("--action");
  expect(named({ process: true, pid: "1" })).toBe("--process");
  expect(named({ pid: "1", comm: "curl" })).toBe("--pid");
  expect(named({ comm: "curl" })).toBe("--comm");
});
