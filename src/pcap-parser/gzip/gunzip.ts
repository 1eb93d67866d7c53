/** Inflates gzip data (RFC 1952) of any number of members, in memory that does not grow with the data. */
import { crc32 } from "node:zlib";
import { type CaptureFileError, FaultReporter } from "../capture-file-error.ts";
import { isGzip } from "../detect.ts";
import type { Chunks } from "../sources.ts";
import { ByteReader } from "./byte-reader.ts";
import { InflateFault, inflateRaw } from "./inflate.ts";
import { MAGIC_LENGTH, skipMemberHeader } from "./member-header.ts";

const MAGIC_FIRST = 0x1f;
/** Bytes of the trailer of a member: the CRC32 and the length of the data that was compressed. */
const TRAILER_LENGTH = 8;

/** Facts about the compressed data that are known after it was read. */
export interface GzipFindings {
  /** Whether bytes other than zero follow the last member. */
  trailingGarbage: boolean;
}

/**
 * Inflates chunks, of which the first begins with a member. Before an error is thrown, everything that could be
 * inflated is yielded. Bytes behind the last member that do not begin another one are ignored, as gzip does.
 *
 * @param name the name of the input, for messages
 * @throws CaptureFileError if the compressed data is cut off or broken; its offset counts compressed bytes
 */
export async function* gunzipChunks(chunks: Chunks, name: string, findings: GzipFindings): Chunks {
  const faults = new FaultReporter(name, false);
  const reader = new ByteReader(chunks);
  try {
    let magic = await reader.exactly(MAGIC_LENGTH);
    for (; isGzip(magic); magic = await reader.exactly(MAGIC_LENGTH)) yield* inflateMember(reader, faults);
    if (magic.length === 1 && magic[0] === MAGIC_FIRST) throw cutOff(reader, faults);
    findings.trailingGarbage = magic.some((byte) => byte !== 0);
  } finally {
    await chunks.return();
  }
}

async function* inflateMember(reader: ByteReader, faults: FaultReporter): Chunks {
  const start = reader.position - MAGIC_LENGTH;
  const problem = await skipMemberHeader(reader);
  if (problem !== undefined) {
    throw problem === "cut off" ? cutOff(reader, faults) : broken(start, problem, faults);
  }
  let sum = 0;
  let length = 0;
  try {
    for await (const output of inflateRaw(reader)) {
      sum = crc32(output, sum);
      length = (length + output.length) % 2 ** 32;
      yield output;
    }
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    throw error.cutOff ? cutOff(reader, faults) : broken(error.offset, error.message, faults);
  }
  const at = reader.position;
  const trailer = await reader.exactly(TRAILER_LENGTH);
  if (trailer.length < TRAILER_LENGTH) throw cutOff(reader, faults);
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_LENGTH);
  if (view.getUint32(0, true) !== sum) throw broken(at, "incorrect data check", faults);
  if (view.getUint32(4, true) !== length) throw broken(at + 4, "incorrect length check", faults);
}

function cutOff({ position }: ByteReader, faults: FaultReporter): CaptureFileError {
  return faults.truncated(position, position, "gzip data");
}

function broken(offset: number, reason: string, faults: FaultReporter): CaptureFileError {
  return faults.corrupt(offset, `at or behind it the gzip data is broken: ${reason}`);
}
