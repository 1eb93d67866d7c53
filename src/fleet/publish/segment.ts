/** What a spool knows of each of its files. */
import { type EventLine, isReplaceable } from "./event-line.ts";
import type { SentMark } from "./sent-mark.ts";
import { listSpoolFiles, readSpoolFile, removeSpoolFile, type SpoolFile } from "./spool-files.ts";

export interface Segment {
  file: SpoolFile;
  bytes: number;
  /** Lines that have not been sent. */
  events: number;
  /** Whether it may have lines that can be dropped. */
  hasReplaceable: boolean;
}

export interface FoundSegments {
  readonly segments: readonly Segment[];
  /** Lines that are no events. */
  readonly damaged: number;
  /** The number of the last file; 0 where there is none. */
  readonly last: number;
  /** The last line of each watch. */
  readonly lines: Iterable<EventLine>;
}

/** Reads the files of a directory, and removes those that have been sent. @throws what the file system answers */
export function findSegments(path: string, mark: SentMark): FoundSegments {
  const segments: Segment[] = [];
  const lastLines = new Map<string, EventLine>();
  let [allDamaged, last] = [0, 0];
  for (const file of listSpoolFiles(path)) {
    const { lines, damaged } = readSpoolFile(path, file);
    const sent = segments.length === 0 ? mark.read(file) : 0;
    allDamaged += damaged;
    last = file.number;
    for (const line of lines) lastLines.set(line.watch, line);
    if (lines.length <= sent) {
      removeSpoolFile(path, file);
      continue;
    }
    const hasReplaceable = lines.some(isReplaceable);
    segments.push({ file, bytes: bytesOf(lines), events: lines.length - sent, hasReplaceable });
  }
  return { segments, damaged: allDamaged, last, lines: lastLines.values() };
}

/** Whether one of the files has the line, byte for byte. One that cannot be read has none. */
export function haveLine(path: string, segments: readonly Segment[], { text }: EventLine): boolean {
  return segments.some(({ file }) => {
    try {
      return readSpoolFile(path, file).lines.some((line) => line.text === text);
    } catch {
      return false;
    }
  });
}

export function bytesOf(lines: readonly EventLine[]): number {
  return lines.reduce((sum, { bytes }) => sum + bytes, 0);
}
