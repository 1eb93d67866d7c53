import { RingcapError } from "../errors.ts";

/** A reader of standard output that has seen enough, `| head` for one, is no failure. Lines go there without --write. */
export function isClosedStdout(error: unknown, { write = "-" }: { readonly write?: string }): boolean {
  return write === "-" && error instanceof RingcapError && error.code === "OUTPUT_CLOSED";
}
