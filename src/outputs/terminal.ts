/** Whether a descriptor is a terminal. */
import { fstatSync } from "node:fs";
import { isatty } from "node:tty";

/** The major number of /dev/null and of other devices that are memory (Documentation/admin-guide/devices.txt of Linux). */
const MEMORY_DEVICES = 1;

/** `node:tty` takes 4 ms to load, and is asked only about descriptors that may be terminals. */
export function isTerminal(fd: number): boolean {
  try {
    const status = fstatSync(fd);
    return status.isCharacterDevice() && majorNumber(status.rdev) !== MEMORY_DEVICES && isatty(fd);
  } catch {
    return false;
  }
}

/** The upper 20 bits lie above the lower 32 (gnu_dev_major() of glibc). */
function majorNumber(device: number): number {
  return (device >>> 8) & 0xfff;
}
