/** The fields of the IP header that the printers of its payload use. */
export interface IpHeader {
  readonly version: 4 | 6;
  /** Offset in bytes at which the header begins. */
  readonly at: number;
  readonly source: string;
  readonly destination: string;
  /**
   * Whether the packet is the first of several fragments, so that its lengths and checksums do not describe the bytes
   * of this packet.
   */
  readonly isFragment: boolean;
  readonly timeToLive: number;
  /** Offset of the last address of a routing header, if the packet has still to go there. */
  readonly finalDestination?: number;
  /**
   * Whether the addresses and their colon are printed already, as is the case where IPv6 extension headers follow them.
   */
  areAddressesPrinted: boolean;
}
