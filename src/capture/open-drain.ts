/** Opens the drain of a capture's rings, which maps them into the memory of this process. */
import { kernelError } from "../host/kernel-error.ts";
import { PacketDrain } from "../native/packet-drain.ts";
import type { RecordLayout } from "./programs.ts";
import type { Rings } from "./rings.ts";

/**
 * @param epochOffset CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds
 * @throws RingcapError KERNEL
 */
export function openDrain(
  rings: Rings,
  { timeUnit: unit, withOrigin, withProcess = false, areBlocks = false }: RecordLayout,
  epochOffset: bigint,
): PacketDrain {
  try {
    return new PacketDrain({
      rings: rings.all,
      wakeups: rings.wakeups,
      withOrigin,
      withProcess,
      areBlocks,
      unit,
      epochOffset,
    });
  } catch (error) {
    throw kernelError("map the rings", error);
  }
}
