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

  /** Puts a program in the place of the one that is attached, between two packets. @throws ENOLINK without the interface */
  update(program: { readonly descriptor: Descriptor }): void {
    addon().updateLink(this.descriptor, program.descriptor);
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

  /** As close(), in a thread of the pool: at TC the kernel waits some milliseconds. */
  async remove(): Promise<void> {
    if (this.descriptor.fd >= 0) await addon().removeLink(this.descriptor);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
