/** When a rotated capture begins its next file, and what becomes of the finished ones. */
import { usageError } from "../errors.ts";
import type { BudgetLimits } from "./budget.ts";

export interface RotationOptions extends BudgetLimits {
  /** Bytes of a file at most, before it is compressed; a packet that alone has more is a file of its own. */
  readonly rotateSize?: number | undefined;
  /** Whole seconds; files begin at multiples of it by the local time. */
  readonly rotateEvery?: number | undefined;
  /** Packets of a file at most. */
  readonly rotatePackets?: number | undefined;
  /** Is run with the name of each finished file. */
  readonly onFile?: string | undefined;
}

const DAY = 86_400;
const SECONDS_MAX = 7 * DAY;

/** Whether any of them is given. */
export function isRotating(options: RotationOptions): boolean {
  return Object.values(options).some((value) => value !== undefined);
}

/** @throws RingcapError USAGE for what cannot be honoured @returns the options with what follows from the limits */
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
  // The file that is written can only go when it is finished.
  return { ...options, rotateSize: rotateSize ?? Math.floor(keepSize / 2) };
}

function whole(option: string, value: number | undefined, unit: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
  throw usageError(option, `"${value}" is not a whole number of ${unit}, at least 1`);
}
