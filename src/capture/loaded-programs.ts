/** The programs of a capture: those of each hook are loaded when it is first tried. */
import type { CaptureInterface } from "../host/interfaces.ts";
import type { BpfHook } from "../packets/captured.ts";
import { entryPointsFor } from "./hooks.ts";
import { addCounters, type KernelCounters, NO_COUNTERS } from "./kernel-counters.ts";
import type { CaptureSettings } from "./options.ts";
import type { InterfacePlan } from "./plan.ts";
import { CapturePrograms, type ProgramSettings, type RecordLayout } from "./programs.ts";
import type { Rings } from "./rings.ts";

/** The maps that programs share with others, and what is done while they are loaded. */
type SharedMaps = Pick<ProgramSettings, "owners" | "dropLease" | "admission" | "counts" | "meanwhile">;

export class LoadedPrograms {
  readonly #settings: CaptureSettings;
  readonly #layout: RecordLayout;
  readonly #rings: Rings;
  readonly #programs = new Map<string, CapturePrograms>();
  readonly #countedApart = new Map<CaptureInterface, Set<CapturePrograms>>();

  constructor(settings: CaptureSettings, layout: RecordLayout, rings: Rings) {
    this.#settings = settings;
    this.#layout = layout;
    this.#rings = rings;
  }

  /**
   * The programs for a hook of an interface. The link layer is a constant of the programs, and each set of programs has
   * counters of its own. Where packets are counted by interface, each interface has its own programs.
   *
   * @throws RingcapError KERNEL, PRIVILEGE
   */
  of({ target, expression: compiled }: InterfacePlan, hook: BpfHook, maps: SharedMaps): CapturePrograms {
    const { linkLayer } = target.link;
    const entryPoints = entryPointsFor(hook, target, this.#settings.direction);
    const isApart = this.#settings.needs.origin;
    const key = `${linkLayer} ${entryPoints.join(" ")} ${isApart ? target.index : ""}`;
    const expression = compiled === undefined ? undefined : { program: compiled.program, origin: 0 };
    const settings = { ...this.#settings, ...this.#layout, ...maps };
    const loaded =
      this.#programs.get(key) ?? CapturePrograms.load(settings, linkLayer, entryPoints, this.#rings, expression);
    this.#programs.set(key, loaded);
    if (isApart) this.#countedApart.set(target, (this.#countedApart.get(target) ?? new Set()).add(loaded));
    return loaded;
  }

  counters(): KernelCounters {
    return [...this.#programs.values()].reduce((sum, programs) => addCounters(sum, programs.counters()), NO_COUNTERS);
  }

  /** The counters of each interface that is counted apart, by its index. */
  countersByInterface(): ReadonlyMap<number, KernelCounters> {
    const counters = new Map<number, KernelCounters>();
    for (const [target, programs] of this.#countedApart) {
      for (const one of programs) counters.set(target.index, addCounters(counters.get(target.index), one.counters()));
    }
    return counters;
  }

  close(): void {
    for (const programs of this.#programs.values()) programs.close();
  }
}
