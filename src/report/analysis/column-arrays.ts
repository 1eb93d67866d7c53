/** The arrays of the columns: see header-columns.ts. */
import { NetworkPlace } from "./ethernet-type.ts";

/** The most packets at a time. Their columns have room in the processor's cache. */
export const MOST_PACKETS = 1024;

/** A field is 0 where the packet does not have it, or where it was not captured. */
export class ColumnArrays {
  count = 0;
  /** What the offsets are of: the bytes of the batch. They are valid as long as the batch is. */
  bytes: Uint8Array = new Uint8Array(0);
  /** A view on `bytes`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Since the epoch. Files may have negative times, and such of more than 32 bits. */
  readonly seconds = new Float64Array(MOST_PACKETS);
  readonly nanoseconds = new Uint32Array(MOST_PACKETS);
  readonly hasTime = new Uint8Array(MOST_PACKETS);
  /** Bytes. */
  readonly capturedLength = new Uint32Array(MOST_PACKETS);
  readonly originalLength = new Uint32Array(MOST_PACKETS);
  /** A place in PACKET_CLASSES. */
  readonly packetClass = new Uint8Array(MOST_PACKETS);
  /** 4 or 6; 0 where there is no IP header that can be read up to its addresses. */
  readonly ipVersion = new Uint8Array(MOST_PACKETS);
  /** The IP protocol behind the extension headers. */
  readonly protocol = new Uint8Array(MOST_PACKETS);
  /** Four words for each packet. An IPv4 address is the last, behind 0, 0 and 0xffff. */
  readonly source = new Uint32Array(4 * MOST_PACKETS);
  readonly destination = new Uint32Array(4 * MOST_PACKETS);
  /** 32 bits, well mixed. IPv4 addresses have different ones. */
  readonly sourceHash = new Uint32Array(MOST_PACKETS);
  readonly destinationHash = new Uint32Array(MOST_PACKETS);
  /** Whether the ports of TCP, UDP or SCTP were captured. */
  readonly hasPorts = new Uint8Array(MOST_PACKETS);
  readonly sourcePort = new Uint16Array(MOST_PACKETS);
  readonly destinationPort = new Uint16Array(MOST_PACKETS);
  /** The hop limit of IPv6. */
  readonly ttl = new Uint8Array(MOST_PACKETS);
  /** Of IPv4. */
  readonly ipId = new Uint16Array(MOST_PACKETS);
  /** See ip-flags.ts. */
  readonly ipFlags = new Uint8Array(MOST_PACKETS);
  /** Nine bits: NS, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN. */
  readonly tcpFlags = new Uint16Array(MOST_PACKETS);
  readonly sequence = new Uint32Array(MOST_PACKETS);
  readonly acknowledgement = new Uint32Array(MOST_PACKETS);
  readonly window = new Uint16Array(MOST_PACKETS);
  /** Of ICMP and ICMPv6. */
  readonly icmpType = new Uint8Array(MOST_PACKETS);
  readonly icmpCode = new Uint8Array(MOST_PACKETS);
  /** Bytes behind the header of TCP or UDP, as the IP header states. */
  readonly payloadLength = new Uint32Array(MOST_PACKETS);
  /** Offsets in `bytes`. The network header is that of IP; where there is none, it is what follows the link-layer header. */
  readonly networkHeader = new Uint32Array(MOST_PACKETS);
  /** See NetworkPlace.framing. */
  readonly framing = new Uint8Array(MOST_PACKETS);
  readonly transport = new Uint32Array(MOST_PACKETS);
  /** The end of the captured bytes of the packet that belong to it, without the padding of the frame. */
  readonly headerEnd = new Uint32Array(MOST_PACKETS);
  /** Whether a header is cut or wrong. */
  readonly isMalformed = new Uint8Array(MOST_PACKETS);
  /** Whether a header is cut: fewer bytes of it were captured than there were. */
  readonly isCut = new Uint8Array(MOST_PACKETS);
  /** Packets of one flow that follow one another: see flow-runs.ts. */
  runCount = 0;
  /** Of each run its first packet, and behind the last run the number of packets. */
  readonly runStart = new Uint16Array(MOST_PACKETS + 1);
  /** Original bytes of all packets of each run. */
  readonly runBytes = new Float64Array(MOST_PACKETS);
  readonly place = new NetworkPlace();

  markCut(index: number): void {
    this.isCut[index] = 1;
    this.isMalformed[index] = 1;
  }

  /** Forgets of the packets that were there what not every packet has. */
  clear(): void {
    const { count } = this;
    this.ipVersion.fill(0, 0, count);
    this.protocol.fill(0, 0, count);
    this.source.fill(0, 0, 4 * count);
    this.destination.fill(0, 0, 4 * count);
    this.sourceHash.fill(0, 0, count);
    this.destinationHash.fill(0, 0, count);
    this.hasPorts.fill(0, 0, count);
    this.sourcePort.fill(0, 0, count);
    this.destinationPort.fill(0, 0, count);
    this.ttl.fill(0, 0, count);
    this.ipId.fill(0, 0, count);
    this.ipFlags.fill(0, 0, count);
    this.tcpFlags.fill(0, 0, count);
    this.sequence.fill(0, 0, count);
    this.acknowledgement.fill(0, 0, count);
    this.window.fill(0, 0, count);
    this.icmpType.fill(0, 0, count);
    this.icmpCode.fill(0, 0, count);
    this.payloadLength.fill(0, 0, count);
    this.isMalformed.fill(0, 0, count);
    this.isCut.fill(0, 0, count);
  }
}
