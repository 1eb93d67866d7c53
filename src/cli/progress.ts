/** Shows on a terminal how far a capture, a replay or a sending is. */
import type { PacketReport } from "../pipeline/index.ts";
import { stderr } from "./standard-streams.ts";

export interface Progress {
  /** Bytes of the input that were read. */
  position: number;
  size: number;
  packets: number;
}

const INTERVAL_MILLISECONDS = 200;
/** Milliseconds before the first display. What ends sooner shows none. */
const PATIENCE_MILLISECONDS = 1000;
const ERASE_LINE = "\r\u001b[K";

export function formatProgress({ position, size, packets }: Progress): string {
  const share = size > 0 ? ` (${Math.floor((100 * position) / size)} %)` : "";
  return `${packets.toLocaleString("en")} packets${share}`;
}

/** Returns the text for files that are read one after the other. */
export function formatReading(files: readonly { readonly read: number; readonly size: number | undefined }[]): string {
  const read = files.reduce((sum, file) => sum + file.read, 0);
  const size = files.reduce((sum, file) => sum + (file.size ?? Number.NaN), 0);
  const share = size > 0 ? ` (${Math.floor((100 * read) / size)} %)` : "";
  return `${read.toLocaleString("en")} bytes read${share}`;
}

/**
 * Returns the text for a capture.
 *
 * @param bytes bytes of the output
 * @param files number of finished files of a rotated capture
 */
export function formatCapturing({ written, ringDropped }: PacketReport, bytes: number, files?: number): string {
  const [packets, dropped, size] = [written, ringDropped, bytes].map((count) => count.toLocaleString("en"));
  const finished = files === undefined ? "" : `, ${files.toLocaleString("en")} files finished`;
  return `${packets} packets captured, ${dropped} dropped, ${size} bytes${finished}`;
}

let isShown = false;

/** Removes the progress from the terminal, so that a message can stand in its place. */
export function eraseProgress(): void {
  if (isShown) stderr.write(ERASE_LINE);
  isShown = false;
}

/**
 * Shows the progress from the second second on, until the returned function is called. It does nothing without a
 * terminal.
 */
export function showProgress(text: () => string): () => void {
  if (!stderr.isTerminal) return () => {};
  const start = performance.now();
  const timer = setInterval(() => {
    // A terminal that stalled is to show the latest text when it goes on, and not every text that it missed.
    if (performance.now() - start < PATIENCE_MILLISECONDS || !stderr.isIdle) return;
    stderr.write(`${ERASE_LINE}${text()}`);
    isShown = true;
  }, INTERVAL_MILLISECONDS);
  return () => {
    clearInterval(timer);
    eraseProgress();
  };
}
