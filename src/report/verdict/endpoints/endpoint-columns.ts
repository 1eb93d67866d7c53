/** The columns of HeaderColumns that the tally of addresses reads. */
export interface EndpointColumns {
  /** Packets of one flow that follow one another, of which the tally reads the first: see flow-runs.ts. */
  readonly runCount: number;
  readonly runStart: Uint16Array;
  readonly runBytes: Float64Array;
  /** Index into PACKET_CLASSES. */
  readonly packetClass: Uint8Array;
  /** 0, 4 or 6. */
  readonly ipVersion: Uint8Array;
  /** Four words a packet; IPv4 in the last one behind 0, 0, 0xffff. */
  readonly source: Uint32Array;
  readonly destination: Uint32Array;
  readonly sourceHash: Uint32Array;
  readonly destinationHash: Uint32Array;
  readonly sourcePort: Uint16Array;
  readonly destinationPort: Uint16Array;
  readonly hasPorts: Uint8Array;
  /** Bit 1: more fragments follow. Bit 2: not the first fragment. */
  readonly ipFlags: Uint8Array;
  readonly icmpType: Uint8Array;
}
