/** Live captures of libpcap, one for each lane, whose packets come out together, oldest first. */
import { addon, type NativePcapCapture } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";
import type { DrainResult } from "./native-classes.ts";
import { PCAP_LIBRARIES, withPcapLibrary } from "./pcap-library.ts";

export interface PcapLaneOptions {
  name: string;
  interfaceIndex: number;
  /** The direction that the packets are said to have: enum packet_direction of bpf/capture/packet_record.h. */
  direction: number;
  /** Bytes of the kernel's ring. */
  bufferSize: number;
  promiscuous: boolean;
}

export interface PcapLane {
  readonly lane: number;
  /** DLT_ number of this system. */
  readonly dataLinkType: number;
}

export interface PcapFilters {
  /** struct sock_filter, one after the other. */
  kernelProgram: Uint8Array;
  /** Bytes. A packet that the kernel's program cuts to so many bytes, or to fewer, matches. */
  decidedLength: number;
  /**
   * The program on the host, for packets that the kernel's program leaves longer or whole. An empty program lets every
   * packet match.
   */
  hostProgram: Uint8Array;
  /** struct filter and struct network_key of bpf/filter/filter_layout.h, likewise. */
  filter: { bytes: Uint8Array; networkKeys: Uint8Array; linkType: number } | undefined;
}

/** Numbers of packets. Those that the kernel dropped are among the packets that were seen and matched. */
export interface PcapCounters {
  seen: number;
  matched: number;
  submitted: number;
  dropped: number;
  /** Of each lane, in the order in which they were opened. */
  lanes: { seen: number; matched: number; dropped: number }[];
}

export class PcapCapture implements Disposable {
  readonly #capture: NativePcapCapture;

  /**
   * @param snapshotLength bytes kept of each packet
   * @param timeout milliseconds that a packet may wait in the kernel for others
   * @throws RingcapError INSTALLATION without libpcap; with code "ENOSYS" where it is older than 1.5
   */
  constructor(snapshotLength: number, timeout: number, libraries: readonly string[] = PCAP_LIBRARIES) {
    this.#capture = withPcapLibrary("captures packets without BPF", libraries, (library) => {
      return new (addon().PcapCapture)(library, snapshotLength, timeout);
    });
  }

  /** Opens a lane, which takes no packet before begin(). @throws with an errno name as `code` and libpcap's words as `log` */
  open({ name, interfaceIndex, direction, bufferSize, promiscuous }: PcapLaneOptions): PcapLane {
    return this.#capture.open(name, interfaceIndex, direction, bufferSize, promiscuous);
  }

  begin({ lane }: PcapLane, { kernelProgram, decidedLength, hostProgram, filter }: PcapFilters): void {
    const { bytes, networkKeys = new Uint8Array(0), linkType = 0 } = filter ?? {};
    this.#capture.begin(lane, kernelProgram, decidedLength, hostProgram, bytes, networkKeys, linkType);
  }

  /** Becomes readable when packets can be taken. */
  descriptor({ lane }: PcapLane): Descriptor {
    return this.#capture.descriptor(lane);
  }

  /** Whether the interface went away, also into another network namespace. */
  isGone({ lane }: PcapLane): boolean {
    return this.#capture.isGone(lane);
  }

  /** Makes the kernel reject every further packet. */
  stop(): void {
    this.#capture.stop();
  }

  /** Does what PacketDrain.drain() does. */
  drain(buffer: Uint8Array): DrainResult {
    return this.#capture.drain(buffer);
  }

  /** Does what PacketDrain.takeRecords() does, with the time in units of so many nanoseconds. */
  takeRecords(buffer: Uint8Array, unit: number): DrainResult & { bytes: Uint8Array } {
    const { bytes, ...result } = this.#capture.takeRecords(buffer, unit);
    return { ...result, bytes: buffer.subarray(0, bytes) };
  }

  counters(): PcapCounters {
    return this.#capture.counters();
  }

  close(): void {
    this.#capture.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
