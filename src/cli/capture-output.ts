/** What -w, --format and --time-stamp-precision ask for together. */
import { extname } from "node:path";
import { usageError } from "../errors.ts";
import { oneOf } from "../options/index.ts";
import { type ChecksumChoice, type Compression, isStandardOutput } from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { counted } from "./counted.ts";
import type { OutputFlags } from "./output-options.ts";

const COMPRESSIONS: Readonly<Record<string, Compression>> = { ".gz": "gzip", ".zst": "zstd" };
/** What makes files of other extensions. */
const COMPRESSORS: Readonly<Record<string, string>> = {
  ".lz4": "lz4",
  ".bz2": "bzip2",
  ".xz": "xz",
};

export interface OutputPlan {
  /** Undefined: one line per packet. */
  path: string | undefined;
  precision: TimeStampPrecision;
  checksum: ChecksumChoice;
  /** Undefined: the file is not compressed. */
  compression: Compression | undefined;
}

/** The same options, with "-" for whatever name standard output was given in --write. */
export function nameOutput<Flags extends OutputFlags>(flags: Flags): Flags {
  return flags.write !== undefined && isStandardOutput(flags.write) ? { ...flags, write: "-" } : flags;
}

/** What to say of a file that was there before; undefined where nothing is lost. */
export function replacementNote(name: string | undefined, replacedBytes: number): string | undefined {
  return replacedBytes > 0 ? `${name} was there before: its ${counted(replacedBytes, "byte")} are replaced` : undefined;
}

/** @throws RingcapError USAGE for a format that cannot be written */
export function planOutput(flags: OutputFlags, defaultPrecision: TimeStampPrecision = "micro"): OutputPlan {
  const precision = flags.timeStampPrecision ?? defaultPrecision;
  if (precision !== "micro" && precision !== "nano") {
    throw usageError("--time-stamp-precision", `"${precision}" is neither micro nor nano`);
  }
  const { write: path, format } = flags;
  if (format !== undefined && path === undefined) throw usageError("--format", "needs a file to write, see --write");
  if (flags.checksum !== undefined && path === undefined) {
    throw usageError("--checksum", "needs a file to write, see --write");
  }
  const checksum = oneOf("--checksum", flags.checksum, ["none", "repair"], "none");
  if (path === "") throw usageError("--write", "the name of the file is empty");
  const last = extname(path ?? "").toLowerCase();
  const compression = compressionOf(flags, COMPRESSIONS[last]);
  const extension = last in COMPRESSIONS ? extname((path ?? "").slice(0, -last.length)).toLowerCase() : last;
  const compressor = COMPRESSORS[extension];
  if (compressor !== undefined && path !== undefined) {
    throw usageError("--write", `"${path}" would not be compressed`, `type -w - | ${compressor} >${path}`);
  }
  const wanted = format ?? (extension === ".pcapng" || extension === ".ntar" ? "pcapng" : "pcap");
  if (wanted === "pcapng") {
    const option = format === undefined ? "--write" : "--format";
    throw usageError(
      option,
      "pcapng cannot be written yet",
      "write a .pcap file; --time-stamp-precision nano keeps nanoseconds",
    );
  }
  if (wanted !== "pcap") throw usageError("--format", `"${wanted}" is not a format`, "write pcap");
  return { path, precision, checksum, compression };
}

/** @param byName what the extension asks for */
function compressionOf({ write, compress }: OutputFlags, byName: Compression | undefined): Compression | undefined {
  if (compress === undefined) return byName;
  if (write === undefined) throw usageError("--compress", "needs a file to write, see --write");
  const compression = oneOf("--compress", compress, ["gzip", "zstd"], "gzip");
  if (write === "-") throw usageError("--compress", "is for files", `type -w - | ${compression}`);
  if (byName !== undefined && byName !== compression) {
    throw usageError(
      "--compress",
      `"${write}" is the name of another kind of file`,
      "leave it out, or rename the file",
    );
  }
  return compression;
}
