/** Sampling that changes while a capture goes on. */
import { usageError } from "../errors.ts";
import { kernelError } from "../host/kernel-error.ts";
import { checkAdmission } from "../packets/admission.ts";

/**
 * Checks a factor and sets it.
 *
 * @throws RingcapError USAGE where it is none, or where the capture was not started for it; KERNEL when the kernel refuses
 */
export function adjustSampling(
  { adjustableSampling }: { adjustableSampling: boolean },
  sample: number,
  set: (sample: number) => void,
): void {
  if (!adjustableSampling) {
    const hint = "start it with `adjustableSampling: true`";
    throw usageError("adjustableSampling", "the sampling of this capture is fixed", hint);
  }
  const checked = checkAdmission({ sample });
  try {
    set(checked.sample);
  } catch (error) {
    throw kernelError("set the sampling", error);
  }
}
