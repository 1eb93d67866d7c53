import { RingcapError } from "../errors.ts";

/**
 * Whether a failure means that the reader of standard output has seen enough, as `| head` has, which is no failure of
 * the command. Packet lines go to standard output without --write.
 */
export function isClosedStdout(error: unknown, { write = "-" }: { readonly write?: string }): boolean {
  return write === "-" && error instanceof RingcapError && error.code === "OUTPUT_CLOSED";
}
