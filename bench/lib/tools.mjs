// The tools that are compared: how each is started for a workload, and how it says that it captures.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { npmPackage } from "../../scripts/lib/npm-packages.mjs";

/**
 * @typedef {import("./workloads.mjs").Workload} Workload
 * @typedef {object} Tool
 * @property {string} name
 * @property {(workload: Workload, file: string) => string[] | string} command or why the workload is not for it
 * @property {RegExp} ready what it prints when it captures
 * @property {boolean} captures whether a file comes of it
 * @property {() => string | undefined} missing why it cannot run here
 * @property {() => string} version
 */

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const noFilter = "it has no filter";

/** Snapshot length as libpcap's tools take it. @param {Workload} workload */
const snapshot = ({ snapshotLength }) => String(snapshotLength === 0 ? 262_144 : snapshotLength);

/** @param {string} program @param {string} debianPackage */
const installed = (program, debianPackage) => () =>
  spawnSync("which", [program]).status === 0 ? undefined : `not installed (apt-get install ${debianPackage})`;

/** @param {string[]} command */
const firstLine = (command) => () => {
  const { stdout, stderr } = spawnSync(command[0] ?? "", command.slice(1), { encoding: "utf8" });
  return /\d+\.\d+[.\d]*/.exec(`${stdout}${stderr}`)?.[0] ?? "?";
};

/** @param {string} name @param {"pass" | "drop"} action @returns {Tool} */
const baseline = (name, action) => ({
  name,
  command: (workload) =>
    (action === "drop") === (workload.drop ?? false)
      ? [process.execPath, `${root}/bench/lib/attach-xdp.mjs`, "v0", action]
      : "a baseline of another workload",
  ready: /listening on/,
  captures: false,
  missing: () => undefined,
  version: () => "",
});

/** @param {"pcap" | "cap"} name @returns {Tool} */
const npmTool = (name) => ({
  name: `npm ${name}`,
  command: (workload, file) => [
    process.execPath,
    `${root}/bench/lib/npm-capture.mjs`,
    name,
    npmPackage(name).directory,
    snapshot(workload),
    file,
    workload.expression,
  ],
  ready: /listening on/,
  captures: true,
  missing: () => npmPackage(name).problem,
  version: () => npmPackage(name).version,
});

/** @param {string} built where it is built @param {string} mark in front of the names @returns {Tool[]} */
export const ringcapTools = (built, mark = "") => [
  ringcapTool(built, `${mark}ringcap packet`, ["--hook", "packet"], false),
  ringcapTool(built, `${mark}ringcap`, [], true),
  ringcapTool(built, `${mark}ringcap pcapng`, ["--format", "pcapng"], true),
  ringcapTool(built, `${mark}ringcap -C 10`, ["-C", "10"], true),
];

/** @param {string} built @param {string} name @param {string[]} options @param {boolean} drops @returns {Tool} */
const ringcapTool = (built, name, options, drops) => ({
  name,
  command: (workload, file) => {
    if (workload.drop && !drops) return "it drops nothing";
    const wanted = ["-i", "v0", "-s", String(workload.snapshotLength), ...workload.filter, "-w", file];
    const action = workload.drop ? ["--action", "drop"] : [];
    return [process.execPath, `${built}/dist/bundle/main.cjs`, ...options, ...wanted, ...action];
  },
  ready: /listening on/,
  captures: true,
  missing: () => undefined,
  version: firstLine([process.execPath, `${built}/dist/bundle/main.cjs`, "--version"]),
});

/** @type {readonly Tool[]} */
export const tools = [
  {
    name: "none",
    command: (workload) => (workload.drop ? "a baseline of another workload" : ["sleep", "infinity"]),
    ready: /^/,
    captures: false,
    missing: () => undefined,
    version: () => "",
  },
  baseline("empty XDP", "pass"),
  baseline("XDP drop", "drop"),
  {
    name: "tcpdump",
    command: (workload, file) =>
      ["tcpdump", "-n", "-i", "v0", "-Z", "root", "-s", snapshot(workload), "-w", file].concat(workload.expression),
    ready: /listening on/,
    captures: true,
    missing: installed("tcpdump", "tcpdump"),
    version: firstLine(["tcpdump", "--version"]),
  },
  {
    name: "tcpdump -B 16384",
    command: (workload, file) =>
      ["tcpdump", "-n", "-i", "v0", "-Z", "root", "-B", "16384", "-s", snapshot(workload), "-w", file].concat(
        workload.expression,
      ),
    ready: /listening on/,
    captures: true,
    missing: installed("tcpdump", "tcpdump"),
    version: firstLine(["tcpdump", "--version"]),
  },
  {
    name: "dumpcap",
    command: (workload, file) =>
      ["dumpcap", "-q", "-P", "-i", "v0", "-s", snapshot(workload), "-w", file].concat("-f", workload.expression),
    ready: /File: /,
    captures: true,
    missing: installed("dumpcap", "wireshark-common"),
    version: firstLine(["dumpcap", "--version"]),
  },
  {
    name: "netsniff-ng",
    command: (workload, file) =>
      // It has no snapshot length.
      ["netsniff-ng", "--in", "v0", "--out", file, "--silent", "-f", workload.expression],
    ready: /Running! Hang up/,
    captures: true,
    missing: installed("netsniff-ng", "netsniff-ng"),
    version: firstLine(["netsniff-ng", "--version"]),
  },
  {
    name: "xdpdump",
    command: (workload, file) => {
      if (workload.cycle.some(({ matches }) => !matches)) return noFilter;
      const length = workload.snapshotLength === 0 ? [] : ["-s", snapshot(workload)];
      return ["xdpdump", "-i", "v0", "--load-xdp-program", "--use-pcap", ...length, "-w", file];
    },
    ready: /listening on/,
    captures: true,
    missing: installed("xdpdump", "xdp-tools"),
    version: firstLine(["xdpdump", "--version"]),
  },
  npmTool("pcap"),
  npmTool("cap"),
  ...ringcapTools(root),
];
