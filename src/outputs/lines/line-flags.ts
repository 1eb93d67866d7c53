/** The options that say how much of a packet a line shows, with tcpdump's letters. */
export interface LineFlags {
  /** -q: less is printed of each protocol. */
  readonly quiet: boolean;
  /** The number of times that -v was given: 0 to 3. */
  readonly verbose: number;
  /** -e: the link-layer header is printed. */
  readonly linkHeader: boolean;
  /** -S: sequence numbers of TCP are printed as they are, and not relative to the beginning of the connection. */
  readonly absoluteSequence: boolean;
  /** -K: checksums are not verified, because the network card may not have written them yet. */
  readonly uncheckedSums: boolean;
  /** -A, -x or -X: the bytes follow each line, so that a packet without a printer does not print them itself. */
  readonly bytesFollow: boolean;
}
