/** What the process that reads an MMDB file and the one that asks it agree on. */

/** The descriptor of the file in the process that reads it. */
export const DATABASE_FD = 4;
/** The most bytes of a file. Those that are sold have up to some hundred million. */
export const DATABASE_MAX = 1 << 30;
/** What an answer may take. */
export const PATIENCE_MILLISECONDS = 10_000;
