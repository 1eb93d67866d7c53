/** The result of one check of the host. */

/** "ok" works. With "warning", capturing works with a limit. With "missing", nothing can be captured. */
export type CheckStatus = "ok" | "warning" | "missing";

export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, and what it means. */
  readonly finding: string;
  /** The command or sentence that mends it. */
  readonly remedy?: string;
}

/** A question that the kernel answers only to privileged processes. */
export const NOT_KNOWN = "not known without privileges";
