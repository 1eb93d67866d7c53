// Memory that the host of a virtual machine has given already. A guest reports its free memory to the host
// (Documentation/mm/free_page_reporting.rst) and waits for every page of it that it touches again, some 10 µs each:
// that would be charged to whichever tool happens to run. A file in memory keeps pages from the host until right
// before they are wanted; and some kernels can be told to keep what is free for a while.
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { freemem } from "node:os";

const IN_MEMORY = "/dev/shm";
/** How long pages are free before the host hears of them. Not every kernel has it. */
const FREE_TIME = "/sys/module/page_reporting/parameters/min_free_ms";
/** More than a round takes, milliseconds. */
const LONG = "100000";
const chunk = Buffer.alloc(1 << 20, 1);

export class WarmMemory {
  #path = `${IN_MEMORY}/ringcap-bench-${process.pid}`;
  #freeTime = existsSync(FREE_TIME) ? readFileSync(FREE_TIME, "utf8").trim() : undefined;

  constructor() {
    if (this.#freeTime !== undefined) writeFileSync(FREE_TIME, LONG);
  }

  /** Takes so much, but no more than half of what is free. @param {number} bytes */
  hold(bytes) {
    this.release();
    if (!existsSync(IN_MEMORY)) return;
    const fd = openSync(this.#path, "w");
    const wanted = Math.min(bytes, freemem() / 2);
    for (let held = 0; held < wanted; held += chunk.length) writeSync(fd, chunk);
    closeSync(fd);
  }

  release() {
    rmSync(this.#path, { force: true });
  }

  /** Releases what is held, and the rest too. */
  end() {
    this.release();
    if (this.#freeTime !== undefined) writeFileSync(FREE_TIME, this.#freeTime);
  }
}
