/**
 * Finds the packets that follow one another within a flow: of the same addresses, ports and protocol, and of the same class.
 * An analysis that counts only these takes all of them at once.
 */
import type { ColumnArrays } from "./column-arrays.ts";

/** Fills `runCount`, `runStart` and `runBytes` of the columns. */
export function findRuns(columns: ColumnArrays): void {
  const { count, originalLength, runStart, runBytes } = columns;
  let runs = 0;
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || !isLikePrevious(columns, index)) {
      if (index > 0) runBytes[runs - 1] = bytes;
      runStart[runs++] = index;
      bytes = 0;
    }
    bytes += originalLength[index] ?? 0;
  }
  if (count > 0) runBytes[runs - 1] = bytes;
  runStart[runs] = count;
  columns.runCount = runs;
}

function isLikePrevious(columns: ColumnArrays, index: number): boolean {
  const { source, destination, sourceHash, destinationHash, sourcePort, destinationPort, packetClass } = columns;
  const previous = index - 1;
  return (
    sourceHash[index] === sourceHash[previous] &&
    sourcePort[index] === sourcePort[previous] &&
    destinationPort[index] === destinationPort[previous] &&
    destinationHash[index] === destinationHash[previous] &&
    packetClass[index] === packetClass[previous] &&
    columns.protocol[index] === columns.protocol[previous] &&
    columns.ipVersion[index] === columns.ipVersion[previous] &&
    columns.hasPorts[index] === columns.hasPorts[previous] &&
    columns.ipFlags[index] === columns.ipFlags[previous] &&
    columns.icmpType[index] === columns.icmpType[previous] &&
    isSameAddress(source, 4 * index, source, 4 * previous) &&
    isSameAddress(destination, 4 * index, destination, 4 * previous)
  );
}

/** Whether the four words at one place are those at another one. */
export function isSameAddress(words: Uint32Array, at: number, others: Uint32Array, other: number): boolean {
  return (
    words[at + 3] === others[other + 3] &&
    words[at + 2] === others[other + 2] &&
    words[at + 1] === others[other + 1] &&
    words[at] === others[other]
  );
}
