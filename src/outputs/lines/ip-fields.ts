/** What the printers of IP's payload ask of the IP header. */
export interface IpHeader {
  readonly version: 4 | 6;
  /** Where it begins. */
  readonly at: number;
  readonly source: string;
  readonly destination: string;
  /** Whether this is the first of several fragments, so that lengths and checksums say nothing of what is here. */
  readonly isFragment: boolean;
  readonly timeToLive: number;
  /** Where the last address of a routing header is, if the packet has still to go there. */
  readonly finalDestination?: number;
  /** Whether the addresses and their colon are printed: they are, where IPv6 extension headers follow them. */
  areAddressesPrinted: boolean;
}
