/** Steps that are all taken, whatever fails of them: the first failure is kept. */
import type { RingcapError } from "../errors.ts";
import { kernelError } from "./kernel-error.ts";

export class FirstFailure {
  error: RingcapError | undefined;

  /** Keeps the failure, where there was none before it. */
  keep(operation: string, error: unknown): void {
    this.error ??= kernelError(operation, error);
  }

  attempt(operation: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.keep(operation, error);
    }
  }

  /** @throws RingcapError the first failure, if there was one */
  throwIfAny(): void {
    if (this.error !== undefined) throw this.error;
  }
}
