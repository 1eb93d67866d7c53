/** Which parts of ringcap the kernel is new enough for. */
import { isAtLeast, parseKernelVersion } from "../host/kernel-version.ts";
import type { Check } from "./check.ts";

/**
 * The result is never "missing", because vendors carry newer parts over to older kernels. The checks that try these
 * parts know better.
 *
 * @param release `uname -r`
 */
export function checkKernelVersion(release: string): Check {
  const name = "kernel version";
  const version = parseKernelVersion(release);
  if (version === undefined) return { name, status: "warning", finding: `"${release}" is no version of Linux` };
  if (isAtLeast(version, 6, 6)) return { name, status: "ok", finding: `${release}: XDP and TCX` };
  if (isAtLeast(version, 5, 18)) {
    const finding = `${release}: XDP; at TC by clsact, which a killed process leaves behind (TCX came with 6.6)`;
    return { name, status: "warning", finding, remedy: "Linux 6.6 or later cleans up by itself" };
  }
  if (isAtLeast(version, 5, 8)) {
    const finding = `${release}: TC only (bpf_xdp_load_bytes and XDP programs for fragmented frames came with 5.18)`;
    return { name, status: "warning", finding, remedy: "use --hook tc, or Linux 5.18 or later" };
  }
  const finding = `${release}: too old, unless its vendor carried BPF ring buffers over (they came with 5.8)`;
  return { name, status: "warning", finding, remedy: "use Linux 5.18 or later" };
}
