/** Reads files into a sink, one after the other, whatever one of them is like. */
import { reasonOf } from "../../errors.ts";
import { hashFile } from "../../outputs/hash-file.ts";
import { type Capture, openCapture } from "../../pcap-parser/index.ts";
import { run } from "../../pipeline/run.ts";
import type { PacketSource } from "../../pipeline/source.ts";
import type { FileFacts } from "../completeness/completeness.ts";
import type { FileIdentity } from "../completeness/file-reading.ts";
import type { FileSink } from "./file-sink.ts";
import type { OpenedFile } from "./opened-file.ts";

export interface ReadingOptions {
  /** Ends the reading, so that the report is of what was read. */
  readonly signal: AbortSignal;
  /** Opens a file as a source of the packets that are wanted; undefined: all are. @throws RingcapError INPUT for what is no capture file */
  readonly select?: ((name: string, content: AsyncIterable<Uint8Array>) => Promise<PacketSource>) | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  /** Whether the files need no SHA-256. */
  readonly withoutHashes?: true | undefined;
}

export interface FilesRead {
  /** Of each file that the sink has, in its order. */
  readonly identities: readonly FileIdentity[];
  /** Files of which no packet could be read. */
  readonly unreadable: readonly FileFacts[];
  /** What is wrong with files. */
  readonly faults: readonly unknown[];
}

const STOPPED = "the reading was stopped";

export async function readFiles(
  files: readonly OpenedFile[],
  sink: FileSink,
  options: ReadingOptions,
): Promise<FilesRead> {
  const { signal } = options;
  const identities: FileIdentity[] = [];
  const unreadable: FileFacts[] = [];
  const faults: unknown[] = [];
  for (const file of files) {
    const hashing = options.withoutHashes ? null : hashOf(file, signal);
    const outcome = signal.aborted ? { isBegun: false } : await readInto(sink, file, options);
    const isStopped = signal.aborted && "failure" in outcome;
    if ("failure" in outcome && !isStopped) faults.push(outcome.failure);
    const fault =
      isStopped || (!outcome.isBegun && signal.aborted)
        ? STOPPED
        : "failure" in outcome
          ? reasonOf(outcome.failure)
          : null;
    const identity: FileIdentity = {
      name: file.name,
      bytes: file.size ?? file.read,
      sha256: await hashing,
      compression: file.isGzip ? "gzip" : null,
      fault,
    };
    if (outcome.isBegun) identities.push(identity);
    else unreadable.push({ ...identity, ...NOTHING });
  }
  return { identities, unreadable, faults };
}

const NOTHING = {
  format: null,
  packets: 0,
  first: null,
  last: null,
  hardware: "",
  os: "",
  application: "",
  comments: [],
  interfaces: [],
} as const;

/** Null of what is no regular file, of one that cannot be read, and where the reading was stopped before. */
async function hashOf({ handle, size }: OpenedFile, signal: AbortSignal): Promise<string | null> {
  if (handle === undefined || size === undefined) return null;
  try {
    return await hashFile(handle, signal);
  } catch {
    return null;
  }
}

interface Outcome {
  /** Whether the sink knows of the file. */
  readonly isBegun: boolean;
  readonly failure?: unknown;
}

async function readInto(sink: FileSink, file: OpenedFile, options: ReadingOptions): Promise<Outcome> {
  const { select, signal, onNote } = options;
  let capture: Capture | undefined;
  let source: PacketSource | undefined;
  try {
    if (select === undefined) capture = await openCapture(file.content(signal), { name: file.name });
    else source = await select(file.name, file.content(signal));
  } catch (failure) {
    return { isBegun: false, failure };
  }
  if (source !== undefined) {
    const { failures } = await run(source, sink);
    return failures.length === 0 ? { isBegun: true } : { isBegun: true, failure: failures[0] };
  }
  try {
    if (capture !== undefined) await sink.readCapture(capture, signal);
    if (capture?.trailingGarbage) onNote?.(`ignored what stands behind the gzip data of ${file.printableName}`);
    return { isBegun: true };
  } catch (failure) {
    return { isBegun: true, failure };
  }
}
