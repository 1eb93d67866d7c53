/** Sends through a packet socket: paced frames, and frames for an interface that takes no live frames. */
import { RingcapError } from "../errors.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { VariedFields } from "../native/live-frames.ts";
import { PacketSocket } from "../native/packet-socket.ts";
import { readClocks } from "../native/system.ts";
import type { EngineCounters, SendEngine } from "./engine.ts";
import { sendFailure } from "./failures.ts";
import type { FrameBatch } from "./frame-source.ts";
import type { SendInterface } from "./interface.ts";

const MICROSECOND = 1000;

export class SocketEngine implements SendEngine {
  readonly name = "socket";
  readonly cpus = 1;
  readonly #interface: SendInterface;
  readonly #vary: VariedFields;
  readonly #socket: PacketSocket;
  #start: bigint | undefined;
  #sending: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @throws RingcapError PRIVILEGE, KERNEL */
  constructor(target: SendInterface, vary: VariedFields) {
    this.#interface = target;
    this.#vary = vary;
    try {
      this.#socket = new PacketSocket(target.index, target.link.linkLayer === "none");
    } catch (error) {
      throw socketError(kernelError(`send to ${target.name}`, error));
    }
  }

  /** While this batch is sent, the next one can be read. */
  async send(batch: FrameBatch, from: number): Promise<number> {
    await this.#sending;
    this.#sending = this.#sendAll(batch, from);
    // The error that the next call throws.
    this.#sending.catch(() => {});
    return batch.frames.count;
  }

  flush(): Promise<void> {
    return this.#sending;
  }

  stop(): void {
    this.#stopped = true;
    this.#socket.stop();
  }

  counters(): EngineCounters {
    const { sent, bytes, retried, errors, paced, lateness, latenessMax } = this.#socket.counters();
    const mean = lateness / paced / MICROSECOND;
    return {
      ...{ sent, bytes, retried, errors },
      lateness: paced > 0 ? { mean, max: latenessMax / MICROSECOND } : undefined,
    };
  }

  close(): void {
    this.#socket.close();
  }

  async #sendAll({ frames, due }: FrameBatch, from: number): Promise<void> {
    this.#start ??= readClocks().monotonic;
    const { bytes, count } = frames;
    for (let behind = from; behind < count && !this.#stopped; ) {
      const result = await this.#socket.send(bytes, count, behind, due, this.#start, this.#vary);
      if (result.failure !== undefined) throw sendFailure(this.#interface, result.failure);
      behind += result.frames;
    }
  }
}

function socketError(error: RingcapError): RingcapError {
  if (error.code !== "PRIVILEGE") return error;
  const hint =
    "run it as root, or give it the capability CAP_NET_RAW (`topspeed`: CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON too)";
  return new RingcapError(error.message, { code: error.code, operation: error.operation, hint, cause: error });
}
