/** Puts packets to a loaded capture program by BPF_PROG_TEST_RUN. */
import { addon, type NativeKernelReplay } from "./addon.ts";
import type { BpfMap } from "./map.ts";
import type { BpfProgram } from "./program.ts";

export interface KernelReplayOptions {
  /** The program. It was loaded so that it drops what matches, and its return value then tells the verdict. */
  program: BpfProgram;
  /** Where the program puts its records; nothing else may use it. */
  ring: BpfMap;
  /** Whether it is a TC program; otherwise XDP. */
  atTc: boolean;
  /** Bytes kept of each packet. */
  snapshotLength: number;
  filter: Uint8Array;
  networkKeys: Uint8Array;
  /** LINKTYPE_ number: Ethernet, or one of raw IP, whose packets are given an Ethernet header for the run. */
  linkType: number;
  /** Whether the program asks for the original length. A test run knows only the captured length. */
  needsWireLength: boolean;
}

export interface KernelReplayResult {
  /** Packets of the input that were replayed. */
  packets: number;
  matched: number;
  /** Packets that no test run takes as they were, and about which the filter on the host decided. */
  notRun: number;
  /** Bytes of the output that were filled. */
  bytes: number;
}

export class KernelReplay implements Disposable {
  readonly #replay: NativeKernelReplay;

  constructor(options: KernelReplayOptions) {
    const { program, ring, atTc, snapshotLength, filter, networkKeys, linkType, needsWireLength } = options;
    this.#replay = new (addon().KernelReplay)(
      program.descriptor,
      ring.descriptor,
      atTc,
      snapshotLength,
      filter,
      networkKeys,
      linkType,
      needsWireLength,
    );
  }

  /**
   * Replays up to `count` packets, until `limit` matched.
   *
   * @param input and output: records in the layout of native/batch_record.h; the output needs no more room than the input
   * @param verdicts for each packet, 1 or 0: whether a program in front of the filter lets it through, which the host
   *   does not have
   * @throws a system failure (EPROTO) when what the program returned and what lies in the ring do not agree
   */
  run(input: Uint8Array, count: number, limit: number, output: Uint8Array, verdicts: Uint8Array): KernelReplayResult {
    return this.#replay.run(input, count, limit, output, verdicts);
  }

  close(): void {
    this.#replay.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
