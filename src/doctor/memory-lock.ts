/** The limit on locked memory, against which kernels before 5.11 count BPF maps. */

import { isAtLeast, parseKernelVersion } from "../host/kernel-version.ts";
import type { ProcessPrivileges } from "../host/process-privileges.ts";
import type { Check } from "./check.ts";

/**
 * Undefined where the limit does not matter. With CAP_SYS_RESOURCE libbpf raises the limit itself.
 *
 * @param release `uname -r`
 * @param limits the text of /proc/self/limits, where it can be read
 */
export function checkMemoryLock(
  release: string,
  limits: string | undefined,
  privileges: ProcessPrivileges,
): Check | undefined {
  const version = parseKernelVersion(release);
  if (version === undefined || isAtLeast(version, 5, 11)) return undefined;
  const name = "locked memory";
  const soft = /^Max locked memory\s+(\S+)/m.exec(limits ?? "")?.[1] ?? "unknown";
  if (soft === "unlimited") return { name, status: "ok", finding: "no limit" };
  if (privileges.capabilities.has("CAP_SYS_RESOURCE")) {
    return { name, status: "ok", finding: "the limit is raised when a capture starts (CAP_SYS_RESOURCE)" };
  }
  const finding = `limited to ${soft} bytes, which rings count against before Linux 5.11`;
  return { name, status: "warning", finding, remedy: "ulimit -l unlimited" };
}
