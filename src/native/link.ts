/** A program attached to an interface by bpf_link. */
import { addon } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";

export class BpfLink implements Disposable {
  readonly descriptor: Descriptor;

  constructor(descriptor: Descriptor) {
    this.descriptor = descriptor;
  }

  /** The index of the interface; 0 once the interface is gone. */
  interfaceIndex(): number {
    return addon().linkInterface(this.descriptor);
  }

  /** Its number among all links of the host. */
  id(): number {
    return addon().linkId(this.descriptor);
  }

  /** Detaches and closes. Packets already in the program on other CPUs may still come out of it. */
  close(): void {
    if (this.descriptor.fd < 0) return;
    try {
      addon().detachLink(this.descriptor);
    } finally {
      this.descriptor.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
