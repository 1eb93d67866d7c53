/** Checks what programs pass to Cap, with the words of npm's `cap`. */

export interface OpenSettings {
  readonly device: string;
  readonly filter: string;
  /** Bytes; 0: as many as is usual. */
  readonly bufferSize: number;
  readonly buffer: Uint8Array;
}

export const NOT_OPEN = "Not currently capturing/open";

const UINT32_MAX = 2 ** 32 - 1;

/** @throws TypeError */
export function checkOpen(args: readonly unknown[]): OpenSettings {
  if (args.length < 4) throw new TypeError("Expecting 4 arguments");
  const [device, filter, bufferSize, buffer] = args;
  if (typeof device !== "string") throw new TypeError("device must be a string");
  if (typeof filter !== "string") throw new TypeError("filter must be a string");
  if (!isUint32(bufferSize)) throw new TypeError("bufSize must be a positive integer");
  if (!ArrayBuffer.isView(buffer)) throw new TypeError("buffer must be a Buffer");
  return { device, filter, bufferSize, buffer: bytesOf(buffer) };
}

/** @returns the bytes that are to be sent @throws TypeError */
export function checkLength(args: readonly unknown[]): Uint8Array {
  if (args.length === 0) throw new TypeError("the first parameter must be a buffer");
  const [buffer, length] = args;
  if (!ArrayBuffer.isView(buffer)) throw new TypeError("first parameter must be a buffer");
  const bytes = bytesOf(buffer);
  // A length that is undefined is a length, as in npm's `cap`.
  if (args.length === 1) return bytes;
  if (!isUint32(length)) throw new TypeError("length must be a positive integer");
  if (length > bytes.length) throw new TypeError("size must be smaller or equal to buffer length");
  return bytes.subarray(0, length);
}

/** @throws TypeError */
export function checkMinBytes(args: readonly unknown[]): void {
  if (args.length === 0) throw new TypeError("missing min bytes value");
  if (!isUint32(args[0])) throw new TypeError("min bytes must be a positive number");
}

function isUint32(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= UINT32_MAX;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
