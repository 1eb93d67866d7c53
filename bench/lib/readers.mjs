// Measures programs that read a capture file.
import { spawnSync } from "node:child_process";

/**
 * @param {string} name
 * @param {string[]} command
 * @param {number} packets
 * @returns {string} one line
 */
export function measure(name, command, packets) {
  const program =
    "import os,subprocess,sys,time\n" +
    "a=time.monotonic();c=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE,stderr=subprocess.DEVNULL)\n" +
    "import resource;r=resource.getrusage(resource.RUSAGE_CHILDREN)\n" +
    "print(time.monotonic()-a,r.ru_utime+r.ru_stime,r.ru_maxrss,c.returncode,(c.stdout.split() or [b'-'])[-1].decode())";
  const { stdout } = spawnSync("python3", ["-c", program, ...command], { encoding: "utf8" });
  const [seconds = "0", cpu = "0", rss = "0", code = "1", last = ""] = stdout.trim().split(" ");
  if (code !== "0") return `${name.padEnd(34)} failed (${code})`;
  const wrong = /^\d+$/.test(last) && Number(last) !== packets ? `  counted ${last}!` : "";
  const rate = (packets / Number(seconds) / 1e6).toFixed(2);
  const perCpu = (packets / Number(cpu) / 1e6).toFixed(2);
  const memory = Math.round(Number(rss) / 1024);
  return `${name.padEnd(34)} ${rate.padStart(7)} M/s ${perCpu.padStart(7)} M per CPU second ${String(memory).padStart(6)} MiB${wrong}`;
}

/** So that the first reader does not pay for the disk. @param {string} path */
export function warmCache(path) {
  spawnSync("cat", [path], { stdio: ["ignore", "ignore", "ignore"] });
}
