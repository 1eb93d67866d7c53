/** The hooks of a capture, in order of preference. */

import { usageError } from "../errors.ts";
import type { Program } from "../filter/classic/instruction.ts";
import { isKnowableAt } from "../filter/ebpf/compile.ts";
import type { CaptureInterface } from "../host/interfaces.ts";
import { hasXdpFragments } from "../host/kernel-features.ts";
import type { BpfHook, Hook } from "../packets/captured.ts";
import type { CaptureSettings } from "./options.ts";
import { asksForOwners, optionBeyondPacket } from "./program-only-options.ts";
import type { EntryPoint } from "./programs.ts";

/**
 * The hooks to try, the best first.
 *
 * @param expression compiled for the interface
 * @throws RingcapError USAGE when the one asked for cannot do it
 */
export function hookCandidates(
  settings: CaptureSettings,
  candidate: CaptureInterface,
  expression: Program | undefined,
): Hook[] {
  const { hook } = settings;
  if (candidate.link.linkLayer === "none" && hook.startsWith("xdp")) {
    throw usageError(
      "hook",
      `${candidate.name} has no link-layer header, which XDP programs expect`,
      'use `hook: "tc"`',
    );
  }
  if (expression !== undefined && hook.startsWith("xdp") && !hasXdpFragments()) {
    throw usageError(
      "hook",
      "this kernel cannot run an expression at XDP, as it lacks bpf_xdp_load_bytes",
      'use `hook: "tc"`',
    );
  }
  switch (hook) {
    case "xdp":
      return ["xdp-native", "xdp-generic"];
    case "auto":
      return [
        ...bpfCandidates(settings, candidate, expression),
        ...(optionBeyondPacket(settings) === undefined ? (["packet"] as const) : []),
      ];
    default:
      return [hook];
  }
}

function bpfCandidates(
  settings: CaptureSettings,
  { link, takesVlanTagsOut }: CaptureInterface,
  expression: Program | undefined,
): BpfHook[] {
  if (settings.direction !== "in" || link.linkLayer === "none") return ["tc"];
  if (asksForOwners(settings)) return ["tc"];
  if (expression !== undefined && !(isKnowableAt(expression, "xdp") && hasXdpFragments())) return ["tc"];
  // XDP would not see the tags that the filter asks for.
  return settings.wantsVlan && takesVlanTagsOut ? ["tc"] : ["xdp-native", "xdp-generic", "tc"];
}

/**
 * The programs that the hook needs for the direction. What a loopback interface sends comes in at it again, so one
 * program sees all.
 */
export function entryPointsFor(
  hook: BpfHook,
  { loopback }: Pick<CaptureInterface, "loopback">,
  direction: CaptureSettings["direction"],
): EntryPoint[] {
  if (hook !== "tc") return ["capture_xdp"];
  switch (direction) {
    case "in":
      return ["capture_tc_ingress"];
    case "out":
      return ["capture_tc_egress"];
    case "inout":
      return loopback ? ["capture_tc_ingress"] : ["capture_tc_ingress", "capture_tc_egress"];
  }
}
