/** Sampling and the rate limit of a capture in the kernel: the maps of bpf/capture/admission.h, which all its programs share. */
import { BpfMap, unsigned32 } from "../native/map.ts";
import type { BpfObject } from "../native/object.ts";
import { thins } from "../packets/admission.ts";
import type { CaptureSettings } from "./options.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
/**
 * CPUs claim the budget of a second in at most so many portions. What a CPU has claimed and does not need is lost to the
 * others: one packet of a small budget, and less than one in ten thousand of a large one.
 */
const PORTIONS = 16_384;

type Settings = Pick<CaptureSettings, "sample" | "rateLimit" | "adjustableSampling">;

export class KernelAdmission implements Disposable {
  readonly #sampling: BpfMap;
  readonly #budget: BpfMap;
  readonly #settings: Settings;
  readonly #phase: number;

  /** @param epochOffset CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds */
  constructor(settings: Settings, epochOffset: bigint) {
    this.#settings = settings;
    this.#phase = Number(BigInt.asUintN(64, epochOffset) % NANOSECONDS_PER_SECOND);
    this.#sampling = BpfMap.createSingle(4, "sampling");
    try {
      this.#budget = BpfMap.createSingle(8, "rate_budget");
      this.setSampling(settings.sample);
    } catch (error) {
      this.#sampling.close();
      throw error;
    }
  }

  /** Whether a capture with the settings has to decide which packets go on. */
  static isAskedFor(settings: Settings): boolean {
    return settings.adjustableSampling || thins(settings);
  }

  /**
   * Sets the constants and maps of a capture program before it is loaded.
   *
   * @param isPreemptible whether packets preempt each other on one CPU
   */
  configure(object: BpfObject, isPreemptible: boolean): void {
    const { sample, rateLimit, adjustableSampling } = this.#settings;
    object.setUnsigned8("with_sampling", sample > 1 || adjustableSampling ? 1 : 0);
    object.reuseMap("sampling", this.#sampling);
    if (rateLimit === Number.POSITIVE_INFINITY) return;
    object.setUnsigned32("rate_limit", rateLimit);
    object.setUnsigned32("rate_portion", isPreemptible ? 1 : Math.max(1, Math.floor(rateLimit / PORTIONS)));
    object.setUnsigned32("second_phase", this.#phase);
    object.reuseMap("rate_budget", this.#budget);
  }

  /** One packet in so many is taken from here on. @throws a system failure */
  setSampling(sample: number): void {
    this.#sampling.update(unsigned32(0), unsigned32(sample));
  }

  close(): void {
    this.#sampling.close();
    this.#budget.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
