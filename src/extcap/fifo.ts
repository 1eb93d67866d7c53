/** Opens the named pipe that Wireshark reads. */
import { closeSync, constants, existsSync, fstatSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { errnoOf, RingcapError, reasonWithoutPath } from "../errors.ts";

const STDOUT = 1;
const PAUSE_MILLISECONDS = 20;
const WATCH_MILLISECONDS = 500;
/** O_PATH of include/uapi/asm-generic/fcntl.h: what is opened so is only looked at, which does nothing to a device. */
const LOOK = 0o10000000 | constants.O_NOFOLLOW;
/** Without O_CREAT, because with it the kernel refuses pipes of other users (fs.protected_fifos, proc_sys_fs(5)). */
const WRITE = constants.O_WRONLY | constants.O_NONBLOCK;

/**
 * Makes the pipe the standard output of this process, as soon as somebody reads it.
 *
 * @param owner the number of the user whose pipe it must be; undefined: anybody's
 * @throws RingcapError OUTPUT where there is no such pipe, or none any more; OUTPUT_CLOSED where Wireshark has gone
 */
export async function becomeOutput(path: string, owner?: number): Promise<void> {
  const operation = `write ${path}`;
  const pipe = lookAt(path, operation, owner);
  closeSync(STDOUT);
  try {
    // The lowest number that is free, which is that of standard output.
    const fd = await openWhenRead(`/proc/self/fd/${pipe}`, path, operation);
    if (fd !== STDOUT)
      throw new RingcapError(`${operation}: another file took the place of standard output`, details(operation));
  } finally {
    closeSync(pipe);
  }
}

/** Holds the pipe, so that nobody puts something else in its place. @returns a descriptor that neither reads nor writes */
function lookAt(path: string, operation: string, owner: number | undefined): number {
  let held: number | undefined;
  try {
    held = openSync(path, LOOK);
    const stats = fstatSync(held);
    if (!stats.isFIFO()) throw new RingcapError(`${operation}: it is no named pipe`, details(operation));
    if (owner !== undefined && stats.uid !== owner) {
      throw new RingcapError(`${operation}: it is another user's pipe`, details(operation));
    }
    return held;
  } catch (error) {
    if (held !== undefined) closeSync(held);
    throw failure(operation, error);
  }
}

async function openWhenRead(held: string, path: string, operation: string): Promise<number> {
  const parent = process.ppid;
  for (;;) {
    try {
      return openSync(held, WRITE);
    } catch (error) {
      if (errnoOf(error) !== "ENXIO") throw failure(operation, error);
    }
    if (process.ppid !== parent) {
      throw new RingcapError(`${operation}: Wireshark has gone`, { code: "OUTPUT_CLOSED", operation });
    }
    if (!existsSync(path)) throw new RingcapError(`${operation}: it is gone`, details(operation));
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
