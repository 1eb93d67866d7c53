/** The windows of the counts by key that lie in the time of the history. An incident begins with them. */
import type { TrafficWindow } from "../packets/traffic-counts.ts";

export class RecentWindows {
  readonly #most: number;
  #windows: TrafficWindow[] = [];

  /** @param seconds of the history; a window is a second, or a little more */
  constructor(seconds: number) {
    this.#most = Math.ceil(seconds + 1);
  }

  add(window: TrafficWindow | undefined): void {
    if (window !== undefined) this.#windows = [...this.#windows, window].slice(-this.#most);
  }

  /** Returns the windows, the oldest first, and forgets them. */
  take(): readonly TrafficWindow[] {
    const windows = this.#windows;
    this.#windows = [];
    return windows;
  }
}
