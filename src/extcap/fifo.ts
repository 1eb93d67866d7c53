/** Opens the named pipe that Wireshark reads. */
import { closeSync, constants, fstatSync, lstatSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { errnoOf, RingcapError, reasonWithoutPath } from "../errors.ts";

const STDOUT = 1;
const PAUSE_MILLISECONDS = 20;
const WATCH_MILLISECONDS = 500;
/** Without O_CREAT, because with it the kernel refuses pipes of other users (fs.protected_fifos, proc_sys_fs(5)). */
const WRITE = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * Makes the pipe the standard output of this process, as soon as somebody reads it.
 *
 * @throws RingcapError OUTPUT where there is no such pipe, or none any more; OUTPUT_CLOSED where Wireshark has gone
 */
export async function becomeOutput(path: string): Promise<void> {
  const parent = process.ppid;
  const operation = `write ${path}`;
  closeSync(STDOUT);
  for (;;) {
    try {
      if (!lstatSync(path).isFIFO()) throw new RingcapError(`${operation}: it is no named pipe`, details(operation));
      // The lowest number that is free, which is that of standard output.
      const fd = openSync(path, WRITE);
      if (fd === STDOUT && fstatSync(fd).isFIFO()) return;
      throw new RingcapError(`${operation}: it is no named pipe any more`, details(operation));
    } catch (error) {
      if (errnoOf(error) !== "ENXIO") throw failure(operation, error);
    }
    if (process.ppid !== parent) {
      throw new RingcapError(`${operation}: Wireshark has gone`, { code: "OUTPUT_CLOSED", operation });
    }
    await pause(PAUSE_MILLISECONDS);
  }
}

/**
 * Calls back when Wireshark has gone, or nobody reads standard output any more. Both are looked for, because dumpcap reads on
 * for a while after Wireshark was killed, and because no write fails while no packets come.
 */
export function onWiresharkGone(callback: () => void): void {
  watch(isRead, callback);
}

/** Calls back when the process that started this one has ended. */
export function onParentGone(callback: () => void): void {
  watch(() => true, callback);
}

function watch(isFine: () => boolean, callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && isFine()) return;
    clearInterval(timer);
    callback();
  }, WATCH_MILLISECONDS);
  timer.unref();
}

function isRead(): boolean {
  try {
    closeSync(openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    return errnoOf(error) !== "ENXIO";
  }
}

function failure(operation: string, error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  return new RingcapError(`${operation}: ${reasonWithoutPath(error)}`, { ...details(operation), cause: error });
}

function details(operation: string) {
  const hint = "let Wireshark make it: tshark -i ringcap-eth0-xdp, with the name of the interface";
  return { code: "OUTPUT", operation, hint } as const;
}
