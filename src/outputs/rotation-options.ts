/** The options that say when a rotated capture begins its next file, and which finished files it keeps. */
import { usageError } from "../errors.ts";
import type { BudgetLimits } from "./budget.ts";

export interface RotationOptions extends BudgetLimits {
  /** The most bytes of a file before it is compressed. A packet that is larger is alone in its file. */
  readonly rotateSize?: number | undefined;
  /** Whole seconds between two files, which begin at multiples of this period in local time. */
  readonly rotateEvery?: number | undefined;
  /** The most packets of a file. */
  readonly rotatePackets?: number | undefined;
  /** The program that is run with the name of each finished file. */
  readonly onFile?: string | undefined;
}

const DAY = 86_400;
const SECONDS_MAX = 7 * DAY;

/** Whether any of the options that begin another file is given. */
export function isRotating(options: RotationOptions): boolean {
  return Object.values(options).some((value) => value !== undefined);
}

/**
 * Checks the options.
 *
 * @returns the options, and defaults that follow from the limits
 * @throws RingcapError USAGE for options that cannot be honoured
 */
export function checkRotation(options: RotationOptions): RotationOptions {
  const { rotateSize, rotateEvery, rotatePackets, keepFiles, keepSize, keepFree } = options;
  whole("rotateSize", rotateSize, "bytes");
  whole("rotatePackets", rotatePackets, "packets");
  whole("keepFiles", keepFiles, "files");
  whole("keepSize", keepSize, "bytes");
  whole("keepFree", keepFree, "bytes");
  whole("rotateEvery", rotateEvery, "seconds");
  if (rotateEvery !== undefined && (rotateEvery > SECONDS_MAX || (rotateEvery > DAY && rotateEvery % DAY !== 0))) {
    throw usageError("rotateEvery", "a longer time than a day is whole days, seven at most");
  }
  const rotates = rotateSize !== undefined || rotateEvery !== undefined || rotatePackets !== undefined;
  if (!rotates && (keepFiles ?? keepSize ?? keepFree) !== undefined) {
    const [option] = Object.entries({ keepFiles, keepSize, keepFree })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name);
    throw usageError(option ?? "keepFiles", "is about finished files, and there is one only", "add -C 100 or -G 1h");
  }
  if (keepSize === undefined) return options;
  if (rotateSize !== undefined && keepSize < 2 * rotateSize) {
    throw usageError("keepSize", "holds less than two files of `rotateSize`", "keep more, or make smaller files");
  }
  // A file can be removed only when it is finished, so that keepSize must hold two files.
  return { ...options, rotateSize: rotateSize ?? Math.floor(keepSize / 2) };
}

function whole(option: string, value: number | undefined, unit: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
  throw usageError(option, `"${value}" is not a whole number of ${unit}, at least 1`);
}
