/** Decides what is written from -w, --format and --time-stamp-precision together. */
import { extname } from "node:path";
import { usageError } from "../errors.ts";
import { oneOf } from "../options/index.ts";
import { type ChecksumChoice, type Compression, isStandardOutput } from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { counted } from "./counted.ts";
import type { OutputFlags } from "./output-options.ts";

const COMPRESSIONS: Readonly<Record<string, Compression>> = { ".gz": "gzip", ".zst": "zstd" };
/** The programs that make files with other extensions. */
const COMPRESSORS: Readonly<Record<string, string>> = {
  ".lz4": "lz4",
  ".bz2": "bzip2",
  ".xz": "xz",
};

/** The most bytes of a comment: the length of an option has 16 bits. */
const COMMENT_BYTES_MAX = 65_535;

export interface OutputPlan {
  /** The path of the file; undefined for one line per packet. */
  path: string | undefined;
  format: "pcap" | "pcapng";
  /** The unit of time stamps, in lines too. */
  precision: TimeStampPrecision;
  comment: string | undefined;
  checksum: ChecksumChoice;
  /** The compression of the file; undefined for none. */
  compression: Compression | undefined;
}

/** Returns the same options with the name "-" in --write if standard output was given by another name. */
export function nameOutput<Flags extends OutputFlags>(flags: Flags): Flags {
  return flags.write !== undefined && isStandardOutput(flags.write) ? { ...flags, write: "-" } : flags;
}

/** Returns the note about a file that was there before; undefined where nothing is lost. */
export function replacementNote(name: string | undefined, replacedBytes: number): string | undefined {
  return replacedBytes > 0 ? `${name} was there before: its ${counted(replacedBytes, "byte")} are replaced` : undefined;
}

/** Decides what is written. @throws RingcapError USAGE for a format that cannot be written */
export function planOutput(flags: OutputFlags, defaultPrecision: TimeStampPrecision = "micro"): OutputPlan {
  const { write: path, format, comment } = flags;
  if (format !== undefined && path === undefined)
    throw usageError("--format", "needs a file to write", "add -w x.pcap");
  if (flags.checksum !== undefined && path === undefined) {
    throw usageError("--checksum", "needs a file to write", "add -w x.pcap");
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
  if (wanted !== "pcap" && wanted !== "pcapng") {
    throw usageError("--format", `"${wanted}" is not a format`, "write pcap or pcapng");
  }
  if (comment !== undefined) checkComment(comment, path, wanted);
  const precision = flags.timeStampPrecision ?? (wanted === "pcapng" ? "nano" : defaultPrecision);
  if (precision !== "micro" && precision !== "nano") {
    throw usageError("--time-stamp-precision", `"${precision}" is neither micro nor nano`);
  }
  return { path, format: wanted, precision, checksum, comment, compression };
}

function checkComment(comment: string, path: string | undefined, format: OutputPlan["format"]): void {
  if (path === undefined) throw usageError("--comment", "needs a file to write", "add -w x.pcapng");
  if (format === "pcap") {
    const typed = path === "-" ? "-w - --format pcapng" : `-w ${path.replace(/(\.pcap)?(\.gz|\.zst)?$/i, ".pcapng$2")}`;
    throw usageError("--comment", "a pcap file has no place for a comment", `pcapng has one: type ${typed}`);
  }
  const bytes = Buffer.byteLength(comment);
  if (bytes > COMMENT_BYTES_MAX) {
    throw usageError("--comment", `${bytes} bytes; a comment has ${COMMENT_BYTES_MAX} at most`);
  }
}

/** Returns the compression. @param byName the compression that the extension asks for */
function compressionOf({ write, compress }: OutputFlags, byName: Compression | undefined): Compression | undefined {
  if (compress === undefined) return byName;
  if (write === undefined) throw usageError("--compress", "needs a file to write", "add -w x.pcap");
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
