/** Loaded programs: attach, run on a packet, describe. */
import { addon } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";
import { BpfLink } from "./link.ts";

/** enum bpf_attach_type of include/uapi/linux/bpf.h; libbpf 1.1 has no names for the last two. */
export const AttachType = {
  CGROUP_INET_INGRESS: 0,
  CGROUP_INET_SOCK_CREATE: 2,
  XDP: 37,
  TCX_INGRESS: 46,
  TCX_EGRESS: 47,
} as const;

/** XDP_FLAGS_* of include/uapi/linux/if_link.h. */
export const XdpFlags = { GENERIC: 1 << 1, NATIVE: 1 << 2 } as const;

/** enum bpf_prog_type of include/uapi/linux/bpf.h, as far as it is used. */
export const ProgramType = { TC: 3, XDP: 6 } as const;

/** BPF_F_XDP_HAS_FRAGS of include/uapi/linux/bpf.h: the program takes packets of more than one buffer. */
export const XDP_HAS_FRAGS = 1 << 5;

const NO_CONTEXT = new Uint8Array(0);

export interface TestRunResult {
  /** What the program returned: an XDP or TC action. */
  returnValue: number;
  /** The packet after the program. */
  data: Buffer;
  /** Nanoseconds a run, on average. */
  duration: number;
}

export class BpfProgram implements Disposable {
  readonly descriptor: Descriptor;

  constructor(descriptor: Descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Loads instructions that are in no object file: struct bpf_insn, with the descriptors of maps in them. XDP programs
   * take packets of more than one buffer, and can call those of object files, as they are of the same kind.
   *
   * @throws a system failure with the verifier's log
   */
  static load(type: number, instructions: Uint8Array, name: string): BpfProgram {
    const [flags, attachType] = type === ProgramType.XDP ? [XDP_HAS_FRAGS, AttachType.XDP] : [0, 0];
    return new BpfProgram(addon().loadProgram(type, instructions, name, flags, attachType));
  }

  /**
   * Attaches to an interface, or to the cgroup behind a file descriptor; the link detaches when it is closed, or when
   * the process ends, however it ends.
   */
  attach(target: number, attachType: number, flags = 0): BpfLink {
    return new BpfLink(addon().createLink(this.descriptor, target, attachType, flags));
  }

  /**
   * Attaches to a tracepoint, until the descriptor is closed or the process ends, however it ends.
   *
   * @param tracepoint empty for a program that was loaded for its tracepoint (tp_btf)
   */
  attachToTracepoint(tracepoint = ""): Descriptor {
    return addon().attachTracepoint(this.descriptor, tracepoint);
  }

  /** Runs an iterator once over all there is, or over the entries of a map. @returns what it wrote */
  iterate(map?: { descriptor: Descriptor }): Buffer {
    return map === undefined
      ? addon().runIterator(this.descriptor)
      : addon().runIterator(this.descriptor, map.descriptor);
  }

  /** BPF_PROG_TEST_RUN on one packet, `repeat` times. */
  testRun(data: Uint8Array, options: { repeat?: number; context?: Uint8Array } = {}): TestRunResult {
    return addon().testRun(this.descriptor, data, options.context ?? NO_CONTEXT, options.repeat ?? 1, 0, 0);
  }

  describe(): {
    id: number;
    type: number;
    name: string;
    runCount: bigint;
    runNanoseconds: bigint;
    /** How often the kernel did not run the program, because it would have interrupted itself on the same CPU. */
    recursionMisses: bigint;
    /** How many instructions the verifier went through. */
    verifiedInstructions: number;
  } {
    return addon().describeProgram(this.descriptor);
  }

  close(): void {
    this.descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What a loaded program is called, and the maps that it uses; undefined when it is gone or may not be looked at. */
export function programNames(id: number): { readonly name: string; readonly maps: readonly string[] } | undefined {
  try {
    using program = new BpfProgram(addon().openProgramById(id));
    return { name: program.describe().name, maps: addon().programMapNames(program.descriptor) };
  } catch {
    return undefined;
  }
}

/** The name of a loaded program by its number; undefined when it is gone or may not be looked at. */
export function programName(id: number): string | undefined {
  return programNames(id)?.name;
}
