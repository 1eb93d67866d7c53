/** What the tables of the hints are made of. */

/** A hint, what makes ringcap say it, and what is to be done then. */
export interface HintRow {
  /** As it stands in the source, with … for what is put into it. */
  readonly hint: string;
  /**
   * Bash, in namespace b, that fails with the hint; where `isNote`, that says it, however it ends. Undefined for a hint
   * of which another test shows that it is said.
   */
  readonly when?: string;
  readonly isNote?: true;
  /** Finds in the hint, as it was said, what the user is to type. */
  readonly take?: RegExp;
  /** What the user puts in the place of words of the hint. */
  readonly fill?: Readonly<Record<string, string>>;
  /** Bash that does what the hint says, and has to succeed. $1 is what was taken from the hint. */
  readonly follow: string;
  /** What must come out of that. */
  readonly shows?: RegExp;
}

/** A hint that is not followed in the tables. */
export interface UntriedHint {
  readonly hint: string;
  /** Why it cannot be, or the test that does it. */
  readonly because: string;
}

/** Ends a capture that could begin. */
export const SHORT = "--duration 0.05";
export const capture = (words: string) => `ringcap -i v0 ${SHORT} ${words}`;
export const replay = (words: string) => `ringcap replay x.pcap -w out.pcap ${words}`;
