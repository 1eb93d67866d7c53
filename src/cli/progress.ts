/** How far a capture, a long replay or a sending is, on a terminal. */
import type { PacketReport } from "../pipeline/index.ts";
import { stderr } from "./standard-streams.ts";

export interface Progress {
  /** Bytes. */
  position: number;
  size: number;
  packets: number;
}

const INTERVAL_MILLISECONDS = 200;
/** What is over sooner shows none. */
const PATIENCE_MILLISECONDS = 1000;
const ERASE_LINE = "\r\u001b[K";

export function formatProgress({ position, size, packets }: Progress): string {
  const share = size > 0 ? ` (${Math.floor((100 * position) / size)} %)` : "";
  return `${packets.toLocaleString("en")} packets${share}`;
}

/** @param bytes of the output @param files that are finished, of a rotated capture */
export function formatCapturing({ written, ringDropped }: PacketReport, bytes: number, files?: number): string {
  const [packets, dropped, size] = [written, ringDropped, bytes].map((count) => count.toLocaleString("en"));
  const finished = files === undefined ? "" : `, ${files.toLocaleString("en")} files finished`;
  return `${packets} packets captured, ${dropped} dropped, ${size} bytes${finished}`;
}

let isShown = false;

/** Before a message, which is not to stand behind it. */
export function eraseProgress(): void {
  if (isShown) stderr.write(ERASE_LINE);
  isShown = false;
}

/** Shows it from the second second on, until the returned function is called; does nothing without a terminal. */
export function showProgress(text: () => string): () => void {
  if (!stderr.isTerminal) return () => {};
  const start = performance.now();
  const timer = setInterval(() => {
    // A terminal that stalls is to show the latest when it goes on, and not each that it missed.
    if (performance.now() - start < PATIENCE_MILLISECONDS || !stderr.isIdle) return;
    stderr.write(`${ERASE_LINE}${text()}`);
    isShown = true;
  }, INTERVAL_MILLISECONDS);
  return () => {
    clearInterval(timer);
    eraseProgress();
  };
}
