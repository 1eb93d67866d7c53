/** Who decides about the packets of a lane: classic BPF in the kernel, as far as it can, and the filter on the host. */
import { errnoOf, reasonOf } from "../errors.ts";
import { bytesOf } from "../filter/classic/encoding.ts";
import type { Program } from "../filter/classic/instruction.ts";
import { asksNothing } from "../filter/filter.ts";
import { socketProgram } from "../filter/socket/program.ts";
import type { PcapCapture, PcapFilters } from "../native/pcap-capture.ts";
import type { CaptureSettings } from "./options.ts";
import type { Lane } from "./pcap-lanes.ts";

/** Bytes of a frame before the place of a VLAN tag. libpcap puts no tag back into a shorter frame. */
const ADDRESSES_LENGTH = 12;

/**
 * Lets the packets of a lane through its filters. The kernel accepts programs of a limited length only. Where the
 * expression does not fit, the host runs it.
 *
 * @throws a system failure
 */
export function beginLane(capture: PcapCapture, lane: Lane, settings: CaptureSettings): void {
  const { expression } = lane.plan;
  try {
    capture.begin(lane.opened, filtersOf(lane, settings, "kernel"));
  } catch (error) {
    const isRefused = ["EINVAL", "ENOMEM"].includes(errnoOf(error) ?? "");
    if (!isRefused || expression === undefined || asksBesideFrame(expression.program)) throw error;
    settings.onDetail(`the expression is not for the kernel (${reasonOf(error)}): the host has it`);
    capture.begin(lane.opened, filtersOf(lane, settings, "host"));
  }
}

/** @param place where the expression is to run */
function filtersOf(
  { plan, way }: Lane,
  { filter, snapshotLength }: CaptureSettings,
  place: "kernel" | "host",
): PcapFilters {
  const { target, expression } = plan;
  const { linkLayer, linkType } = target.link;
  const inKernel = place === "kernel" && expression !== undefined;
  const onHost = expression !== undefined && !asksBesideFrame(expression.program);
  const decidedLength = expression === undefined || inKernel ? Math.max(snapshotLength, ADDRESSES_LENGTH) : 0;
  const program = socketProgram({
    way,
    expression: inKernel ? { program: expression.raw, isForWire: onHost } : undefined,
    filter,
    linkLayer,
    decidedLength,
  });
  return {
    kernelProgram: bytesOf(program),
    decidedLength,
    hostProgram: bytesOf(onHost ? expression.raw : []),
    filter: asksNothing(filter) ? undefined : { ...filter, linkType },
  };
}

/** Whether the expression asks for something that only the kernel knows, such as the direction. */
function asksBesideFrame(program: Program): boolean {
  return program.some(({ kind }) => kind === "load-ancillary");
}
