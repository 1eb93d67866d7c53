/** Sends copies of a frame out of an interface at line rate, by BPF_PROG_TEST_RUN with live frames (Linux 5.18). */
import { kernelError } from "../errors.ts";
import { TRANSMIT_PLAN } from "../generated/layouts.ts";
import { BpfObject } from "../libbpf/object.ts";
import type { BpfProgram } from "../libbpf/program.ts";

export interface FrameSenderOptions {
  interfaceIndex: number;
  /** IPv4 source addresses at random, with the checksums kept right. */
  varySourceAddress?: boolean;
  /** TCP and UDP source ports at random, with the checksums kept right. */
  varySourcePort?: boolean;
}

/** Frames that the kernel takes at once. */
const BATCH = 64;

/**
 * The receiving end of a veth takes such frames only when it has an XDP program, or `gro on`
 * (drivers/net/veth.c, veth_xdp_xmit).
 */
export class FrameSender implements Disposable {
  readonly #program: BpfProgram;

  /** @throws RingcapError PRIVILEGE or KERNEL */
  constructor(options: FrameSenderOptions) {
    const plan = new Uint8Array(TRANSMIT_PLAN.size);
    new Uint32Array(plan.buffer, TRANSMIT_PLAN.interfaceIndex, 1)[0] = options.interfaceIndex;
    plan[TRANSMIT_PLAN.varySourceAddress] = options.varySourceAddress ? 1 : 0;
    plan[TRANSMIT_PLAN.varySourcePort] = options.varySourcePort ? 1 : 0;
    using object = BpfObject.openBuiltIn("transmit");
    try {
      object.setVariable("transmit_plan", plan);
      object.load();
      this.#program = object.program("transmit_frame");
    } catch (error) {
      throw kernelError("load the program that sends", error);
    }
  }

  /**
   * Sends `count` copies of an Ethernet frame. Blocks until they are sent.
   *
   * @returns nanoseconds it took
   * @throws RingcapError KERNEL
   */
  send(frame: Uint8Array, count: number): number {
    try {
      return this.#program.runLive(frame, count, Math.min(BATCH, count));
    } catch (error) {
      throw kernelError(`send ${count} frames of ${frame.length} bytes`, error);
    }
  }

  close(): void {
    this.#program.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
