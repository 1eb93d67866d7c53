/** Numbers of system calls, for BPF programs that see system calls return. */

/** accept and accept4 (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). */
const ACCEPT_CALLS: Partial<Record<NodeJS.Architecture, readonly [number, number]>> = {
  x64: [43, 288],
  arm64: [202, 242],
};

/**
 * The constant `accept_calls` of the programs. On architectures that are not known it holds numbers that no system call
 * has.
 */
export function acceptCalls(): Uint8Array {
  const [accept, accept4] = ACCEPT_CALLS[process.arch] ?? [0xffff_ffff, 0xffff_ffff];
  return new Uint8Array(Uint32Array.of(accept, accept4).buffer);
}
