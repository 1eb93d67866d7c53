// One guest, from power on to power off. What it says on its serial console comes back line by line.
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { appendArchive } from "./initramfs.mjs";

const MEMORY_MEBIBYTES = 2048;

/**
 * @typedef {object} Guest
 * @property {string} image path of the kernel
 * @property {string} base path of the first archive
 * @property {(folder: string) => void} lay makes the second one's files
 * @property {import("./machines.mjs").Machine} machine
 * @property {number} seconds after which a guest that is not off is ended
 */

/**
 * Resolves when the machine is off, with the reason if it had to be ended.
 *
 * @param {Guest} guest
 * @param {(line: string) => void} onLine
 * @param {AbortSignal} signal ends the machine
 * @returns {Promise<string | undefined>}
 */
export function boot({ image, base, lay, machine, seconds }, onLine, signal) {
  const initramfs = makeInitramfs(base, lay);
  const words = [
    ...machine.arguments,
    ...["-smp", "2", "-m", `${MEMORY_MEBIBYTES}`],
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"],
    ...["-kernel", image, "-initrd", "/dev/fd/3"],
    ...["-append", `console=${machine.console} loglevel=1 panic=-1 mitigations=off random.trust_cpu=on`],
  ];
  // It ends with this process, however that ends.
  const command = ["--pdeathsig", "KILL", machine.qemu, ...words];
  const child = spawn("setpriv", command, { stdio: ["ignore", "pipe", "pipe", initramfs] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("it has no pipes");
  closeSync(initramfs);
  return new Promise((resolve, reject) => {
    let reason = /** @type {string | undefined} */ (undefined);
    let messages = "";
    const end = (/** @type {string} */ why) => {
      reason ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => end(`it was not off after ${seconds} s`), seconds * 1000);
    const onAbort = () => end("it was interrupted");
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    createInterface(stdout).on("line", onLine);
    stderr.on("data", (chunk) => {
      messages += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (code !== 0) reason ??= `${machine.qemu} ended with ${code}: ${messages}`;
      resolve(reason);
    });
  });
}

/**
 * A descriptor of a file that has no name any more, so that nothing can be left behind.
 *
 * @param {string} base
 * @param {(folder: string) => void} lay
 */
function makeInitramfs(base, lay) {
  const folder = mkdtempSync(join(tmpdir(), "ringcap-kernels-"));
  try {
    const file = join(folder, "initramfs");
    copyFileSync(base, file);
    const project = join(folder, "project");
    lay(project);
    appendArchive(project, file);
    return openSync(file, "r");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
