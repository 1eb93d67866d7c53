/** Loads bpf/transmit/transmit.bpf.c for an interface, with the tracepoints that count what it sends. */

import { TRANSMIT_LENGTH_MAX, TRANSMIT_PLAN } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { LiveFrames } from "../native/live-frames.ts";
import { BpfObject } from "../native/object.ts";
import { possibleCpus } from "../native/system.ts";

/** Bytes of a pcap record of the shortest frame, which bounds the number of frames in a file. */
const RECORD_MIN = 30;
const FRAMES_MAX = 1 << 20;

export class LiveProgram implements Disposable {
  readonly frames: LiveFrames;
  readonly #tracepoints: readonly Descriptor[];

  /**
   * @param window bytes of frames in the kernel's memory
   * @throws RingcapError PRIVILEGE, KERNEL
   */
  constructor(interfaceIndex: number, window: number) {
    using object = loadTransmit(interfaceIndex, window);
    try {
      this.#tracepoints = [
        attachTracepoint(object, "count_transmitted", "xdp_devmap_xmit"),
        attachTracepoint(object, "count_not_queued", "xdp_redirect_err"),
      ];
      this.frames = new LiveFrames(object);
    } catch (error) {
      throw kernelError("count the frames that are sent", error);
    }
  }

  close(): void {
    this.frames.close();
    for (const tracepoint of this.#tracepoints) tracepoint.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Loads the programs, and attaches nothing.
 *
 * @param window bytes of frames in the kernel's memory
 * @throws RingcapError PRIVILEGE, KERNEL
 */
export function loadTransmit(interfaceIndex: number, window: number): BpfObject {
  const bytes = window + TRANSMIT_LENGTH_MAX;
  const object = BpfObject.openBuiltIn("transmit");
  try {
    object.setVariable("transmit_plan", transmitPlan(interfaceIndex, bytes));
    object.setValueSize("transmit_bytes", bytes);
    object.setMaxEntries("transmit_frames", Math.min(Math.ceil(bytes / RECORD_MIN), FRAMES_MAX));
    object.setMaxEntries("transmit_states", possibleCpus());
    object.load();
    return object;
  } catch (error) {
    object.close();
    throw kernelError("load the program that sends", error);
  }
}

function transmitPlan(interfaceIndex: number, bytes: number): Uint8Array {
  const plan = new Uint32Array(TRANSMIT_PLAN.size / 4);
  plan[TRANSMIT_PLAN.interfaceIndex / 4] = interfaceIndex;
  plan[TRANSMIT_PLAN.bytesSize / 4] = bytes;
  return new Uint8Array(plan.buffer);
}

function attachTracepoint(object: BpfObject, program: string, tracepoint: string): Descriptor {
  using counting = object.program(program);
  return counting.attachToTracepoint(tracepoint);
}
