/** The kernel's notifications of interfaces that leave this network namespace. */
import { addon } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";

export interface InterfaceRemovals {
  readonly removed: readonly {
    readonly index: number;
    /** Whether the interface was moved to another network namespace; otherwise it was deleted. */
    readonly moved: boolean;
  }[];
  /** Whether notifications were lost because nobody took them for too long. */
  readonly lost: boolean;
}

export class InterfaceWatch implements Disposable {
  /** Readable when something happens to an interface. */
  readonly descriptor: Descriptor = addon().createInterfaceWatch();

  /** What happened since the last call, or since the watch was made. */
  take(): InterfaceRemovals {
    return addon().takeRemovedInterfaces(this.descriptor);
  }

  close(): void {
    this.descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
