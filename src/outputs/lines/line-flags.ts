/** How much of a packet a line shows, in tcpdump's letters. */
export interface LineFlags {
  /** -q: less of each protocol. */
  readonly quiet: boolean;
  /** How often -v was given: 0 to 3. */
  readonly verbose: number;
  /** -e: the link-layer header. */
  readonly linkHeader: boolean;
  /** -S: sequence numbers of TCP as they are, and not relative to the beginning of the connection. */
  readonly absoluteSequence: boolean;
  /** -K: checksums are not verified, because the network card may not have written them yet. */
  readonly uncheckedSums: boolean;
  /** -A, -x or -X: the bytes follow anyway, and are not printed of a packet for being unknown. */
  readonly bytesFollow: boolean;
}
