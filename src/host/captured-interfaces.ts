/**
 * Notices when an interface that is captured from is deleted or moved, also where another interface has got its index
 * since.
 */
import { RingcapError } from "../errors.ts";
import { InterfaceWatch } from "../native/interface-watch.ts";
import { Readiness } from "../native/readiness.ts";
import { listInterfaces } from "../native/system.ts";
import { type CaptureInterface, interfaceError } from "./interfaces.ts";

/** An interface leaves the list some milliseconds before the kernel says where it went (dev_change_net_namespace()). */
const LOOK_MILLISECONDS = 5;
const LOOKS_FOR_WORD = 40;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

export class CapturedInterfaces implements Disposable {
  readonly #watch: InterfaceWatch;
  readonly #targets: readonly CaptureInterface[];
  #readiness: Readiness | undefined;
  #failure: RingcapError | undefined;

  /** @throws RingcapError INTERFACE where an interface went away since it was looked up */
  constructor(targets: readonly CaptureInterface[]) {
    this.#targets = targets;
    this.#watch = new InterfaceWatch();
    const missing = targets.find((target) => !isPresent(target));
    if (missing === undefined) return;
    this.#watch.close();
    throw interfaceError(`capture from ${missing.name}`, "the interface went away");
  }

  /** Calls back whenever something may have happened to an interface, until close(). Keeps no process alive. */
  onChange(callback: () => void): void {
    this.#readiness = new Readiness([this.#watch.descriptor], callback);
    this.#readiness.unref();
  }

  /**
   * What keeps packets from the capture: INTERFACE_REMOVED, or KERNEL where the interface is still there.
   *
   * @param missing the name of an interface whose packets do not come any more, if there is one
   */
  failure(missing: string | undefined): RingcapError | undefined {
    const lost = this.#takeWord();
    const suspects = this.#targets.filter(({ name }) => lost || name === missing);
    const gone = suspects.find(({ index }) => !isPresent({ index }));
    for (let looks = 0; gone !== undefined && this.#failure === undefined && looks < LOOKS_FOR_WORD; looks++) {
      Atomics.wait(sleeper, 0, 0, LOOK_MILLISECONDS);
      this.#takeWord();
    }
    if (gone !== undefined) this.#failure ??= interfaceRemoved(gone, false);
    if (missing !== undefined) this.#failure ??= somebodyDetached(missing);
    return this.#failure;
  }

  /** Notes what the kernel said of interfaces that went. @returns whether notifications were lost for want of room */
  #takeWord(): boolean {
    const { removed, lost } = this.#watch.take();
    for (const { index, moved } of removed) {
      const target = this.#targets.find((candidate) => candidate.index === index);
      if (target !== undefined) this.#failure ??= interfaceRemoved(target, moved);
    }
    return lost;
  }

  close(): void {
    this.#readiness?.close();
    this.#watch.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Without a name, an interface of any name counts, because it may have been given another name. */
function isPresent({ index, name }: { readonly index: number; readonly name?: string }): boolean {
  return listInterfaces().some((present) => present.index === index && (name ?? present.name) === present.name);
}

function interfaceRemoved({ name }: CaptureInterface, moved: boolean): RingcapError {
  const operation = `capture from ${name}`;
  const what = moved ? "was moved to another network namespace" : "went away";
  return new RingcapError(`${operation}: the interface ${what}`, { code: "INTERFACE_REMOVED", operation });
}

function somebodyDetached(name: string): RingcapError {
  const operation = `capture from ${name}`;
  return new RingcapError(`${operation}: somebody detached the capture program`, { code: "KERNEL", operation });
}
