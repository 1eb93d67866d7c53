/** A device from open() to close(): a capture of ringcap behind the events of npm's `cap`. */
import { CaptureSession, startCaptureAtOnce } from "../capture/index.ts";
import { type CaptureOptions, checkOptions } from "../capture/options.ts";
import { planInterfaces } from "../capture/plan.ts";
import { type CaptureInterface, findInterface, findInterfaces, interfaceError } from "../host/interfaces.ts";
import { kernelError } from "../host/kernel-error.ts";
import { onlineCpus } from "../host/online-cpus.ts";
import { PacketSocket } from "../native/packet-socket.ts";
import type { PacketCursor } from "../packets/packet-batch.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import type { OpenSettings } from "./arguments.ts";
import { cook, cookedGrowth, LOOKED_AT } from "./cooked-header.ts";
import { handOver } from "./hand-over.ts";
import { compileForMetadata } from "./metadata-view.ts";
import { OwnFrames } from "./own-frames.ts";

/** The name that stands for all interfaces. Their packets have a header of libpcap's own. */
const ANY = "any";
/** Bytes that npm's `cap` has libpcap keep of a packet. */
const CAPTURED_LENGTH_MAX = 65_535;
const MEBIBYTE = 1 << 20;
/** MiB: the limit of a ring. */
const RING_SIZE_MAX = 256;
/**
 * Milliseconds between two looks for packets: the shorter ones while packets come, and twice as many after each look
 * that finds none. The kernel could wake the process at every packet, which costs an interrupt for each of a flood.
 */
const PAUSE_MIN = 5;
const PAUSE_MAX = 40;

export interface DeviceListener {
  /** The packet is in the buffer. */
  onPacket(nbytes: number, truncated: boolean): void;
  onNote(note: string): void;
  /** The capture ended without close(). */
  onEnd(error: Error): void;
}

export class OpenDevice {
  readonly linkType: string;
  readonly #buffer: Uint8Array;
  /** A buffer that is handed to another thread has a length of 0 from then on. */
  readonly #hadRoom: boolean;
  readonly #listener: DeviceListener;
  readonly #targets: readonly CaptureInterface[];
  readonly #isCooked: boolean;
  readonly #session: CaptureSession;
  readonly #ownFrames: OwnFrames;
  #pause = PAUSE_MIN;
  #socket: PacketSocket | undefined;
  #closed = false;
  #seconds = 0;
  #nanoseconds = 0;
  #originalLength: number | undefined;

  /** @throws RingcapError USAGE, INTERFACE, PRIVILEGE, KERNEL or INSTALLATION; nothing is left open then */
  constructor({ device, filter, bufferSize, buffer }: OpenSettings, listener: DeviceListener) {
    this.#buffer = buffer;
    this.#hadRoom = buffer.length > 0;
    this.#listener = listener;
    this.#isCooked = device === ANY;
    this.#targets = this.#isCooked ? findInterfaces([ANY]) : [findDevice(device)];
    this.linkType = this.#isCooked ? "LINKTYPE_LINUX_SLL" : linkTypeOf(this.#targets);
    const hook = hookFor(this.#targets);
    const shortest = this.#isCooked ? LOOKED_AT : 1;
    const snapshotLength = Math.max(shortest, Math.min(buffer.length, CAPTURED_LENGTH_MAX));
    this.#ownFrames = new OwnFrames(snapshotLength);
    const options: CaptureOptions = {
      interfaces: [device],
      filter: filter === "" ? {} : { expression: filter },
      snapshotLength,
      direction: "inout",
      promiscuous: !this.#isCooked,
      hook,
      bufferSize: ringSizeOf(bufferSize),
      immediate: hook === "packet",
      onNote: (note) => listener.onNote(note),
    };
    // Checksums stay as they are captured, as libpcap leaves them.
    const needs: SinkNeeds = { timeUnit: 1, leavesChecksums: true, pause: () => this.#pause };
    const plan = planInterfaces(checkOptions(options, needs), this.#targets, compileForMetadata);
    this.#session = startCaptureAtOnce(plan, CaptureSession);
    void this.#run();
  }

  /** When the last packet was captured, in nanoseconds since the epoch. */
  get timestamp(): bigint | undefined {
    if (this.#originalLength === undefined) return undefined;
    return BigInt(this.#seconds) * 1_000_000_000n + BigInt(this.#nanoseconds);
  }

  /** The bytes of the last packet as it was on the wire. */
  get originalLength(): number | undefined {
    return this.#originalLength;
  }

  /** @returns whether it was open */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#socket?.close();
    this.#session.requestStop();
    return true;
  }

  /** @throws RingcapError PRIVILEGE or KERNEL */
  send(frame: Uint8Array): void {
    const [target] = this.#targets;
    if (target === undefined || this.#isCooked)
      throw interfaceError("send a frame", "all interfaces together send none");
    const { index, name, link } = target;
    try {
      this.#socket ??= new PacketSocket(index, link.linkLayer === "none");
      this.#socket.sendNow(frame);
    } catch (error) {
      throw kernelError(`send a frame through ${name}`, error);
    }
    this.#ownFrames.sent(frame);
  }

  async #run(): Promise<void> {
    try {
      for await (const batch of this.#session) {
        if (this.#closed) break;
        this.#pause = batch.count > 0 ? PAUSE_MIN : Math.min(2 * this.#pause, PAUSE_MAX);
        if (batch.count > 0) await handOver(batch, (cursor) => this.#deliver(cursor));
      }
    } catch (error) {
      if (!this.close()) return;
      // The listener may throw, and that is no rejection of this promise.
      process.nextTick(() => this.#listener.onEnd(kernelError("capture packets", error)));
    }
  }

  /** @returns whether it wants more */
  #deliver(cursor: PacketCursor): boolean {
    if (this.#closed) return false;
    if (this.#ownFrames.has(cursor)) return true;
    if (this.#buffer.length === 0 && this.#hadRoom) {
      this.close();
      process.nextTick(() =>
        this.#listener.onEnd(new TypeError("the buffer for packets was handed to another thread")),
      );
      return false;
    }
    const { bytes, start, capturedLength } = cursor;
    const target = this.#isCooked ? this.#targets.find(({ index }) => index === cursor.interfaceIndex) : undefined;
    const packet = target === undefined ? bytes.subarray(start, start + capturedLength) : cook(cursor, target);
    const room = this.#buffer.length;
    const copied = Math.min(packet.length, room, CAPTURED_LENGTH_MAX);
    this.#buffer.set(copied === packet.length ? packet : packet.subarray(0, copied));
    this.#seconds = cursor.seconds;
    this.#nanoseconds = cursor.nanoseconds;
    this.#originalLength = cursor.originalLength + (target === undefined ? 0 : cookedGrowth(target));
    this.#listener.onPacket(copied, Math.min(this.#originalLength, CAPTURED_LENGTH_MAX) > room);
    return !this.#closed;
  }
}

function linkTypeOf([target]: readonly CaptureInterface[]): string {
  return target?.link.linkLayer === "ethernet" ? "ETHERNET" : "RAW";
}

/** The interface of that name, which must be up, as libpcap wants it. @throws RingcapError INTERFACE */
function findDevice(name: string): CaptureInterface {
  const operation = `open ${name}`;
  const target = findInterface(name, operation);
  if (!target.up) throw interfaceError(operation, "it is down", `\`ip link set ${name} up\` brings it up`);
  return target;
}

/**
 * TC sees outgoing packets before the kernel computes checksums and cuts segments, and a packet socket after that. Where
 * the interface does neither by itself, only a packet socket sees packets as they leave.
 */
function hookFor(targets: readonly CaptureInterface[]): "auto" | "packet" {
  return targets.every(({ completesPackets, loopback }) => completesPackets || loopback) ? "auto" : "packet";
}

/** MiB of the ring of each CPU, so that all rings together have so many bytes at least. */
function ringSizeOf(bytes: number): number | undefined {
  if (bytes === 0) return undefined;
  return Math.min(RING_SIZE_MAX, Math.ceil(bytes / onlineCpus().length / MEBIBYTE));
}
