// Units under a systemd of their own: each command is started as its unit, with all restrictions, and reloaded and stopped.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installDebianPackages } from "../lib/debian-packages.mjs";

/** Of each kind of rights one: docs/containers.md. */
const COMMANDS = [
  ["watch", "-i", "v0", "--trigger", "1k/s", "-w", "incidents"],
  ["watch", "-i", "v0", "--hook", "packet", "--trigger", "1k/s", "-w", "incidents"],
  [
    "watch",
    "-i",
    "v0",
    "--trigger",
    "1k/s",
    "--metrics",
    "0.0.0.0:91",
    "--on-incident",
    "/bin/true",
    "-w",
    "incidents",
  ],
  ["capture", "-i", "any", "--promiscuous", "--process", "-C", "10", "-w", "%n.pcapng"],
  ["capture", "-i", "v0", "-Q", "inout", "--hook", "tc", "-G", "1h", "-w", "x-%Y.pcap.gz", "tcp port 80"],
  ["connections", "--json"],
  ["connections", "--details"],
  ["connections", "--half-open"],
];
const MILLISECONDS_TO_BOOT = 60_000;

/** @param {{ folder: string, signal: AbortSignal }} given a folder of its own @returns {Promise<string>} what was found */
export async function checkUnits({ folder, signal }) {
  installDebianPackages(["systemd"]);
  const group = join(controlGroups(), `ringcap-units-${process.pid}`);
  mkdirSync(group);
  const root = mkdtempSync(join(folder, "systemd-"));
  const unshare = ["--mount", "--pid", "--net", "--cgroup", "--uts", "--ipc", "--fork", "--kill-child"];
  const words = ["sh", "scripts/package/enter-systemd.sh", root, process.cwd()];
  const script = 'echo $$ >"$0/cgroup.procs" && exec "$@"';
  const booted = spawn("sh", ["-c", script, group, "unshare", ...unshare, ...words], { signal, stdio: "ignore" });
  const ended = new Promise((resolve) => booted.once("close", resolve));
  booted.on("error", () => {});
  try {
    const inside = await untilBooted(booted.pid ?? 0, signal);
    const version = /systemd (\d+)/.exec(inside(["systemctl", "--version"]))?.[1];
    for (const command of COMMANDS) check(inside, command);
    runAsService(inside);
    return `systemd ${version} started ${COMMANDS.length} commands as their units, and reloaded and stopped a service`;
  } finally {
    booted.kill("SIGKILL");
    await ended;
    await untilEmpty(group);
    removeGroup(group);
    rmSync(root, { recursive: true, force: true });
  }
}

function controlGroups() {
  const [, path] = /^\S+ (\S+) cgroup2 /m.exec(readFileSync("/proc/self/mounts", "utf8")) ?? [];
  if (path === undefined) throw new Error("cgroup version 2 is not mounted, which systemd needs");
  return path;
}

/**
 * @param {number} outer the process whose child is the first one inside @param {AbortSignal} signal
 * @returns {Promise<(words: string[]) => string>} what runs a command inside, and returns its standard output
 */
async function untilBooted(outer, signal) {
  const deadline = Date.now() + MILLISECONDS_TO_BOOT;
  for (;;) {
    signal.throwIfAborted();
    const [inner] = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").split(" ");
    const run = (/** @type {string[]} */ words) => {
      const enter = ["-t", inner ?? "", "-m", "-p", "-n", "-C", "-u", "-i", "-r", "-w", "/usr/bin/env", "-i"];
      return spawnSync("nsenter", [...enter, `PATH=${process.env.PATH}`, ...words], { encoding: "utf8" });
    };
    if (inner && /^(running|degraded)$/m.test(run(["systemctl", "is-system-running"]).stdout)) {
      return (words) => {
        const { status, stdout, stderr } = run(words);
        if (status !== 0) throw new Error(`${words.join(" ")}: exit code ${status}\n${stdout}${stderr}`);
        return stdout;
      };
    }
    if (Date.now() > deadline) throw new Error("systemd did not boot");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const RINGCAP = [process.execPath, join(process.cwd(), "dist/bundle/main.cjs")];

/** @param {(words: string[]) => string} inside @param {string[]} command */
function check(inside, command) {
  const found = JSON.parse(inside([...RINGCAP, "service", "check", "--json", "--name", "tried", "--", ...command]));
  if (found.isReady && found.by === "systemd" && found.untried.length === 0) return;
  throw new Error(`${command.join(" ")}: ${JSON.stringify(found)}`);
}

/** @param {(words: string[]) => string} inside */
function runAsService(inside) {
  const words = ["service", "unit", "--name", "web", "--", "capture", "-i", "v0", "-C", "5", "-w", "x.pcap"];
  const unit = "/etc/systemd/system/ringcap-web.service";
  inside(["sh", "-c", `"$0" "$@" >${unit}`, ...RINGCAP, ...words]);
  inside(["systemctl", "daemon-reload"]);
  inside(["systemctl", "start", "ringcap-web"]);
  inside(["systemctl", "reload", "ringcap-web"]);
  inside(["systemctl", "stop", "ringcap-web"]);
  const files = inside(["ls", "/var/lib/ringcap/web/"]).trim().split("\n");
  const result = inside(["systemctl", "show", "-P", "Result", "ringcap-web"]).trim();
  if (result === "success" && files.join() === "x_00001.pcap,x_00002.pcap") return;
  throw new Error(`the service ended with ${result}, and left ${files.join(", ")}`);
}

/** The processes of a namespace end with its first one, a moment later. @param {string} group */
async function untilEmpty(group) {
  while (!readFileSync(join(group, "cgroup.events"), "utf8").includes("populated 0")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @param {string} path a control group without processes */
function removeGroup(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  rmdirSync(path);
}
