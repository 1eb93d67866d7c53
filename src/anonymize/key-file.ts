/** The file that a key is kept in: 64 hexadecimal digits and the end of the line. */
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { errnoOf, RingcapError, reasonWithoutPath, usageError } from "../errors.ts";
import { KEY_BYTES } from "./map/prefix-bits.ts";

const OPTION = "--anonymize-key";
const DIGITS = KEY_BYTES * 2;
/** Any file that is longer holds no key. */
const MOST_BYTES = DIGITS + 2;
/** Permissions of everybody but the owner. */
const OTHERS = 0o077;

export interface KeyFile {
  readonly key: Uint8Array;
  /** Whether the file was made. */
  readonly isNew: boolean;
  /** Whether others than its owner may read or write it. */
  readonly isOpen: boolean;
}

export function randomKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/**
 * Reads a key: 64 hexadecimal digits, or the 32 bytes themselves. Where there is no such file, it is made with a random
 * key, for its owner alone.
 *
 * @throws RingcapError USAGE for a file that holds no key, INPUT or OUTPUT for one that cannot be read or made
 */
export function openKeyFile(path: string): KeyFile {
  if (path === "") throw usageError(OPTION, "the name of the file is empty");
  const made = makeKeyFile(path);
  if (made !== undefined) return { key: made, isNew: true, isOpen: false };
  try {
    const fd = openSync(path, constants.O_RDONLY);
    try {
      const status = fstatSync(fd);
      return { key: decode(path, readAtMost(fd, MOST_BYTES + 1)), isNew: false, isOpen: (status.mode & OTHERS) !== 0 };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw failure(path, "read", error);
  }
}

/** @returns the key; undefined where there is such a file */
function makeKeyFile(path: string): Uint8Array | undefined {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return undefined;
    throw failure(path, "make", error);
  }
  const key = randomKey();
  try {
    writeSync(fd, `${Buffer.from(key).toString("hex")}\n`);
  } catch (error) {
    throw failure(path, "make", error);
  } finally {
    closeSync(fd);
  }
  return key;
}

function readAtMost(fd: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (let read = 1; read > 0 && length < most; length += read) read = readSync(fd, bytes, length, most - length, null);
  return bytes.subarray(0, length);
}

function decode(path: string, bytes: Buffer): Uint8Array {
  if (bytes.length === KEY_BYTES) return bytes;
  const text = bytes.toString("latin1").trimEnd();
  if (text.length === DIGITS && /^[0-9a-f]+$/i.test(text)) return Buffer.from(text, "hex");
  throw usageError(
    OPTION,
    `"${path}" holds no key`,
    `a key is ${DIGITS} hexadecimal digits, or ${KEY_BYTES} bytes: name a file that is not there, and one is made`,
  );
}

function failure(path: string, what: "read" | "make", error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  const operation = `${what} the key file ${path}`;
  const code = what === "read" ? "INPUT" : "OUTPUT";
  return new RingcapError(`${operation}: ${reasonWithoutPath(error)}`, { code, operation, cause: error });
}
