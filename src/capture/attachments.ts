/** Everything that a capture has attached, until it is detached. */
import type { CaptureInterface } from "../host/interfaces.ts";
import type { Capability } from "../host/process-privileges.ts";
import type { CapturedInterface } from "../packets/captured.ts";
import type { Attachment, Link } from "./attach.ts";
import type { ProgramView } from "./program-view.ts";
import { capturedInterface } from "./source.ts";

export class Attachments {
  readonly #byInterface = new Map<CaptureInterface, Attachment>();
  #vacated = false;

  add(target: CaptureInterface, attachment: Attachment): void {
    this.#byInterface.set(target, attachment);
  }

  describe(direction: CapturedInterface["direction"]): CapturedInterface[] {
    return [...this.#byInterface].map(([target, { hook }]) => capturedInterface(target, hook, direction));
  }

  /** The name of an interface that is gone, if there is one. */
  missingInterface(): string | undefined {
    if (this.#vacated) return undefined;
    for (const [target, { links }] of this.#byInterface) {
      if (links.some((link) => link.interfaceIndex() === 0)) return target.name;
    }
    return undefined;
  }

  checkPlaces(onNote: (note: string) => void): void {
    if (this.#vacated) return;
    for (const [{ name }, attachment] of this.#byInterface) {
      for (const note of attachment.checkPlace()) onNote(`${name}: ${note}`);
    }
  }

  /** The capabilities that detaching needs. */
  detachedBy(): Capability[] {
    return this.#links.flatMap(({ detachesBy }) => detachesBy ?? []);
  }

  /** Whether other programs can come in front of one of the attachments, or are in front already. */
  get haveNeighbours(): boolean {
    return [...this.#byInterface.values()].some(({ hasNeighbours }) => hasNeighbours);
  }

  /** From here on the attachments find their neighbours by the view, which needs no privileges. */
  lookBy(view: ProgramView): void {
    for (const attachment of this.#byInterface.values()) if (attachment.hasNeighbours) attachment.lookBy(view);
  }

  /**
   * From here on no packet begins to meet a program of the capture. An attachment that cannot be detached at once keeps
   * its place with a program that does nothing.
   */
  vacate(): void {
    if (this.#vacated) return;
    this.#vacated = true;
    const failures = new Failures();
    for (const link of this.#links) failures.of(() => vacateOrClose(link));
    failures.throwFirst();
  }

  /** Detaches everything. */
  close(): void {
    const failures = new Failures();
    for (const link of this.#links) failures.of(() => link.close());
    failures.throwFirst();
  }

  /**
   * Detaches everything as close() does, while the event loop goes on. It detaches one attachment after the other in
   * one thread, because the kernel makes several threads wait for each other.
   */
  async remove(): Promise<void> {
    const failures = new Failures();
    for (const link of this.#links) await failures.ofLater(() => (link.remove ?? link.close).call(link));
    failures.throwFirst();
  }

  get #links(): Link[] {
    return [...this.#byInterface.values()].flatMap(({ links }) => links);
  }
}

/** Tries all actions whatever fails, and throws the first error. */
class Failures {
  readonly #failures: unknown[] = [];

  of(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  async ofLater(action: () => Promise<void> | void): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  throwFirst(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

/** ENOLINK says that the interface is gone. */
function vacateOrClose(link: Link): void {
  try {
    if (link.vacate !== undefined) {
      link.vacate();
      return;
    }
  } catch {}
  link.close();
}
