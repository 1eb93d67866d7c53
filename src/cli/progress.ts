/** How far a long replay or sending is, on a terminal. */

export interface Progress {
  /** Bytes. */
  position: number;
  size: number;
  packets: number;
}

const FIRST_MILLISECONDS = 1000;
const INTERVAL_MILLISECONDS = 200;
const ERASE_LINE = "\r\u001b[K";

export function formatProgress({ position, size, packets }: Progress): string {
  const share = size > 0 ? ` (${Math.floor((100 * position) / size)} %)` : "";
  return `${packets.toLocaleString("en")} packets${share}`;
}

/** Shows it from the second second on, until the returned function is called; does nothing without a terminal. */
export function showProgress(text: () => string, stream: NodeJS.WriteStream = process.stderr): () => void {
  if (!stream.isTTY) return () => {};
  const start = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    if (performance.now() - start < FIRST_MILLISECONDS) return;
    stream.write(`${ERASE_LINE}${text()}`);
    shown = true;
  }, INTERVAL_MILLISECONDS);
  return () => {
    clearInterval(timer);
    if (shown) stream.write(ERASE_LINE);
  };
}
