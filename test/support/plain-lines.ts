import type { PacketLineOptions } from "../../src/outputs/lines/packet-line.ts";

/** Lines without any option, and without their time. */
export const PLAIN_LINES: PacketLineOptions = {
  quiet: false,
  verbose: 0,
  linkHeader: false,
  absoluteSequence: false,
  uncheckedSums: false,
  bytesFollow: false,
  numbered: false,
  timeForm: 1,
  timeStampPrecision: "micro",
  bytes: { form: "none", withLinkHeader: false },
};
