// Memory that the host of a virtual machine has given already. A guest reports its free memory to the host
// (Documentation/mm/free_page_reporting.rst) and waits for every page of it that it touches again, some 10 µs each:
// that would be charged to whichever tool happens to run. A file in memory keeps pages from the host until right
// before they are wanted; what is freed last is allocated first.
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { freemem } from "node:os";

const chunk = Buffer.alloc(1 << 20, 1);

export class WarmMemory {
  #path = `/dev/shm/ringcap-bench-${process.pid}`;

  /** Takes so much, but no more than half of what is free. @param {number} bytes */
  hold(bytes) {
    this.release();
    const fd = openSync(this.#path, "w");
    const wanted = Math.min(bytes, freemem() / 2);
    for (let held = 0; held < wanted; held += chunk.length) writeSync(fd, chunk);
    closeSync(fd);
  }

  release() {
    rmSync(this.#path, { force: true });
  }
}
