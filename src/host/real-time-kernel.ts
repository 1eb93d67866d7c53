/** Whether this kernel preempts the programs of packets. */
import { version } from "node:os";

/**
 * PREEMPT_RT runs the programs of packets in threads that others may preempt: `uname -v` says so (init/Makefile).
 *
 * @param text default: of this kernel
 */
export function isRealTimeKernel(text: string = version()): boolean {
  return /\bPREEMPT[_ ]RT\b/.test(text);
}
