import { expect, test } from "vitest";
import { entryPointsFor, hookCandidates } from "../../../src/capture/hooks.ts";
import { type CaptureOptions, checkOptions } from "../../../src/capture/options.ts";
import { optionBeyondPacket } from "../../../src/capture/program-only-options.ts";
import { ethernet, tunnel } from "./targets.ts";

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
  expect(named({ action: "drop" })).toBe("action");
  expect(named({ process: true, pid: "1" })).toBe("process");
  expect(named({ pid: "1", comm: "curl" })).toBe("pid");
  expect(named({ comm: "curl" })).toBe("comm");
});

test.each([
  ["xdp-native", "in", false, ["capture_xdp"]],
  ["xdp-generic", "in", true, ["capture_xdp"]],
  ["tc", "in", false, ["capture_tc_ingress"]],
  ["tc", "out", false, ["capture_tc_egress"]],
  ["tc", "inout", false, ["capture_tc_ingress", "capture_tc_egress"]],
  // What it sends comes in again: it would be captured twice.
  ["tc", "inout", true, ["capture_tc_ingress"]],
] as const)(
  "at %s, direction %s, loopback %s, these programs are attached: %j",
  (hook, direction, loopback, expected) => {
    expect(entryPointsFor(hook, { loopback }, direction)).toEqual(expected);
  },
);

test("XDP is refused where packets have no link-layer header, and the hint works", () => {
  expect(() => candidates({ hook: "xdp" }, tunnel)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining("tun0 has no link-layer header") }),
  );
  expect(candidates({ hook: "tc" }, tunnel)).toEqual(["tc"]);
});
