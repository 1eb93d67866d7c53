/**
 * The engine in the kernel. The loaded capture program matches, cuts, counts and writes into a ring as in a capture,
 * with one test run for each packet.
 */

import { CapturePrograms } from "../capture/programs.ts";
import { Rings } from "../capture/rings.ts";
import { RingcapError } from "../errors.ts";
import { kernelError } from "../host/kernel-error.ts";
import { KernelReplay } from "../native/kernel-replay.ts";
import { AlignedBatch } from "../packets/aligned-batch.ts";
import type { InputBatch } from "../packets/input-batch.ts";
import { ETHERNET } from "../packets/link-type-names.ts";
import { BATCH_SIZE } from "../packets/packet-batch.ts";
import { SNAPSHOT_LENGTH_MAX } from "../pcap-writer/index.ts";
import type { EngineResult, ReplayEngine } from "./engine.ts";
import type { FileExpression } from "./file-expression.ts";
import type { ReplaySettings } from "./options.ts";

/**
 * Bytes of the ring, which has room for several of the largest records. Each record is taken out before the next
 * packet.
 */
const RING_SIZE = 1 << 20;
/** A packet without an Ethernet header gets one for the run, which is cut off again. */
const ETHERNET_HEADER_LENGTH = 14;
const LIMIT_MAX = 0xffff_ffff;

export class KernelEngine implements ReplayEngine {
  readonly name = "kernel";
  readonly hook: "xdp" | "tc";
  readonly #rings: Rings;
  readonly #programs: CapturePrograms;
  readonly #replay: KernelReplay;
  readonly #expression: FileExpression | undefined;
  readonly #output = new Uint8Array(BATCH_SIZE);
  readonly #words = new Uint32Array(this.#output.buffer);
  #packets = 0;
  #matched = 0;
  decidedOnHost = 0;
  #verdicts = new Uint8Array(0);

  private constructor(
    hook: "xdp" | "tc",
    rings: Rings,
    programs: CapturePrograms,
    replay: KernelReplay,
    expression: FileExpression | undefined,
  ) {
    this.hook = hook;
    this.#rings = rings;
    this.#programs = programs;
    this.#replay = replay;
    this.#expression = expression;
  }

  /** @throws RingcapError PRIVILEGE or KERNEL, with nothing left open */
  static open(
    settings: ReplaySettings,
    linkType: number,
    hook: "xdp" | "tc",
    expression: FileExpression | undefined,
  ): KernelEngine {
    const { filter } = settings;
    const framing = linkType === ETHERNET ? 0 : ETHERNET_HEADER_LENGTH;
    const snapshotLength = Math.min(settings.snapshotLength + framing, SNAPSHOT_LENGTH_MAX);
    const entryPoint = hook === "tc" ? "capture_tc_ingress" : "capture_xdp";
    // The program drops what matches, so that its return value tells the verdict.
    const options = { filter, snapshotLength, ringSize: RING_SIZE, immediate: false, action: "drop" } as const;
    const layout = { timeUnit: 1, withOrigin: false };
    let rings: Rings | undefined;
    let programs: CapturePrograms | undefined;
    try {
      // All CPUs share the one ring.
      rings = Rings.create(RING_SIZE, []);
      const { shared: ring } = rings;
      if (ring === undefined) throw new Error("there is no ring");
      const inFront = expression === undefined ? undefined : { program: expression.program, origin: framing };
      programs = CapturePrograms.load({ ...options, ...layout }, "ethernet", [entryPoint], rings, inFront);
      const replay = new KernelReplay({
        program: programs.entryPoint(entryPoint),
        ring,
        atTc: hook === "tc",
        snapshotLength: settings.snapshotLength,
        filter: filter.bytes,
        networkKeys: filter.networkKeys,
        linkType,
        needsWireLength: expression?.readsLength ?? false,
      });
      return new KernelEngine(hook, rings, programs, replay, expression);
    } catch (error) {
      programs?.close();
      rings?.close();
      throw kernelError("open the kernel engine", error);
    }
  }

  run(input: InputBatch, limit: number): EngineResult {
    try {
      const { bytes, count } = input;
      const verdicts = this.#verdictsOf(input);
      const result = this.#replay.run(bytes, count, Math.min(limit, LIMIT_MAX), this.#output, verdicts);
      this.#packets += result.packets;
      this.#matched += result.matched;
      this.decidedOnHost += result.notRun;
      return { packets: result.packets, batch: new AlignedBatch(this.#output, this.#words, result.matched) };
    } catch (error) {
      throw kernelError("replay through the kernel", error);
    }
  }

  /** The expression on the host, for packets that no test run accepts. It takes some 0.1 microseconds for each. */
  #verdictsOf(input: InputBatch): Uint8Array {
    if (this.#verdicts.length < input.count) this.#verdicts = new Uint8Array(input.count);
    this.#verdicts.fill(1);
    this.#expression?.match(input, this.#verdicts);
    return this.#verdicts;
  }

  verify(): void {
    const { seen, matched, submitted, ringFull, copyFailed } = this.#programs.counters();
    const ran = this.#packets - this.decidedOnHost;
    const lost = ringFull + copyFailed;
    // The packets that the host decided about may have matched or not.
    const surplus = this.#matched - matched;
    if (seen === ran && submitted === matched && lost === 0 && surplus >= 0 && surplus <= this.decidedOnHost) return;
    const operation = "replay through the kernel";
    const counted = `seen ${seen}, matched ${matched}, submitted ${submitted}, lost ${lost}`;
    throw new RingcapError(`${operation}: the program counted ${counted}; ${ran} ran, ${this.#matched} matched`, {
      code: "INTERNAL",
      operation,
      hint: "please report it with the output of `ringcap doctor`",
    });
  }

  close(): void {
    this.#replay.close();
    this.#programs.close();
    this.#rings.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
