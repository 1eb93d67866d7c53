/** The options of packet lines, in tcpdump's letters, which captures and replays share. */
import type { Command } from "commander";
import { usageError } from "../errors.ts";
import type { ByteForm, PacketLineOptions, TimeForm } from "../outputs/lines/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { addCounted, optionAdder } from "./option-adder.ts";

/** The flags of packet lines. A number is how often a letter was given. */
export interface LineFlags {
  verbose?: number;
  quiet?: true;
  e?: true;
  t?: number;
  x?: number;
  X?: number;
  A?: number;
  S?: true;
  K?: true;
  n?: number;
  l?: true;
  p?: true;
  "#"?: true;
}

const LINES = "Lines, without -w:";
const MOST_VERBOSE = 3;
const LAST_TIME_FORM = 5;

export function addLineOptions(command: Command): void {
  const add = optionAdder(command);
  addCounted(
    command,
    LINES,
    "-v, --verbose",
    "longer lines, -vv and -vvv still longer; and what was decided on the way",
  );
  add(LINES, "-e", "with the link-layer header: hardware addresses, EtherType, VLAN");
  addCounted(
    command,
    LINES,
    "-t",
    "no time; -tt seconds since 1970, -ttt since the line before, -tttt with the date, -ttttt since the first",
  );
  addCounted(command, LINES, "-x", "with the bytes in hexadecimal; -xx with those of the link-layer header");
  addCounted(
    command,
    LINES,
    "-X",
    "with the bytes in hexadecimal and as text; -XX with those of the link-layer header",
  );
  addCounted(command, LINES, "-A", "with the bytes as text; -AA with those of the link-layer header");
  add(LINES, "-S", "sequence numbers of TCP as they are, not relative to the beginning of the connection");
  add(LINES, "-K", "checksums are not verified");
  add(LINES, "-#", "with the number of the packet");
  addCounted(command, LINES, "-n", "accepted: names are never looked up");
  add(LINES, "-l", "each line at once, also into a pipe");
  add(LINES, "-p", "accepted: not promiscuous, which is the default");
}

/** Makes the options of packet lines. @throws RingcapError USAGE for a form of time that does not exist */
export function toLineOptions(flags: LineFlags, timeStampPrecision: TimeStampPrecision): PacketLineOptions {
  const timeForm = flags.t ?? 0;
  if (timeForm > LAST_TIME_FORM) {
    throw usageError("-t", `there is no form of ${timeForm} letters`, "use -t, -tt, -ttt, -tttt or -ttttt");
  }
  const bytes = byteForm(flags);
  return {
    quiet: flags.quiet ?? false,
    verbose: Math.min(flags.verbose ?? 0, MOST_VERBOSE),
    linkHeader: flags.e ?? false,
    absoluteSequence: flags.S ?? false,
    uncheckedSums: flags.K ?? false,
    bytesFollow: bytes.form !== "none",
    numbered: flags["#"] ?? false,
    timeForm: timeForm as TimeForm,
    timeStampPrecision,
    bytes,
  };
}

/** Returns the form of bytes. Where several are given, -X counts before -x, and -x before -A, as in tcpdump. */
function byteForm({ x = 0, X = 0, A = 0 }: LineFlags): ByteForm {
  if (X > 0) return { form: "hex-and-text", withLinkHeader: X > 1 };
  if (x > 0) return { form: "hex", withLinkHeader: x > 1 };
  return { form: A > 0 ? "text" : "none", withLinkHeader: A > 1 };
}
