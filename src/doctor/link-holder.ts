/** Finds the process that holds a bpf_link. As long as it does, nobody else can detach the program. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface LinkHolder {
  readonly processId: number;
  /** The command's name as the kernel keeps it: at most 15 bytes. */
  readonly command: string;
}

/** Processes may end while they are looked at, and those of other users do not show their descriptors. */
function orElse<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** bpf_link_show_fdinfo() of kernel/bpf/syscall.c, bpf_xdp_link_show_fdinfo() of net/core/dev.c. */
function isXdpLinkOf(programId: number, fdinfo: string): boolean {
  return /^link_type:\s*xdp$/m.test(fdinfo) && Number(/^prog_id:\s*(\d+)$/m.exec(fdinfo)?.[1]) === programId;
}

function holdsLink(process: string, programId: number): boolean {
  const descriptors = orElse(() => readdirSync(`/proc/${process}/fd`), []);
  return descriptors.some((descriptor) => {
    // Reading every fdinfo of the machine would take long. The kind of a descriptor costs less to read.
    const target = orElse(() => readlinkSync(`/proc/${process}/fd/${descriptor}`), "");
    if (!/^anon_inode:.?bpf[-_]link/.test(target)) return false;
    return isXdpLinkOf(
      programId,
      orElse(() => readFileSync(`/proc/${process}/fdinfo/${descriptor}`, "utf8"), ""),
    );
  });
}

/** Undefined when no process that may be looked at holds one: it was attached by netlink, or the link is pinned. */
export function findXdpLinkHolder(programId: number): LinkHolder | undefined {
  const processes = orElse(() => readdirSync("/proc"), []).filter((name) => /^\d+$/.test(name));
  const found = processes.find((process) => holdsLink(process, programId));
  if (found === undefined) return undefined;
  return { processId: Number(found), command: orElse(() => readFileSync(`/proc/${found}/comm`, "utf8").trimEnd(), "") };
}
