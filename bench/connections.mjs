// Measures `ringcap connections` under many connections beside what shows them too, and under a SYN flood:
// `node bench/connections.mjs [--rate 20000] [--seconds 10] [--syns 1000000]`. Needs root; nothing leaves loopback and a veth.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tcpFrame } from "../scripts/lib/frames.mjs";
import { VethPair } from "../scripts/lib/veth.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { cpuSeconds, memory } from "./lib/process-usage.mjs";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "20000" },
    seconds: { type: "string", default: "10" },
    syns: { type: "string", default: "1000000" },
  },
});
const PORT = 9000;
const root = fileURLToPath(new URL("..", import.meta.url));
const ringcap = [process.execPath, join(root, "dist/bundle/main.cjs"), "connections"];
const directory = mkdtempSync(join(tmpdir(), "ringcap-bench-"));
const storm = join(directory, "connection-storm");

/** tcplife on the tracepoint: what Debian ships wants a kprobe. */
const tcplife = `
tracepoint:sock:inet_sock_set_state /args->protocol == 6 && (args->sport == ${PORT} || args->dport == ${PORT})/ {
  if (args->newstate < 4) { @birth[args->skaddr] = nsecs; }
  if (args->newstate == 7) {
    printf("%d %s %s:%d %s:%d %d\\n", pid, comm, ntop(args->saddr), args->sport, ntop(args->daddr), args->dport,
      (nsecs - @birth[args->skaddr]) / 1000);
    delete(@birth[args->skaddr]);
  }
}
BEGIN { printf("listening on\\n"); }`;

/** The shells mount what bpftrace wants for themselves alone. */
const quoted = `'${tcplife}'`;
const tools = [
  { name: "nothing", command: ["sleep", "1000"], ready: undefined, line: /^$/ },
  {
    name: "ringcap --json",
    command: [...ringcap, "--json", "--port", String(PORT)],
    ready: /listening/,
    line: /"type":"close"/,
  },
  {
    name: "ringcap --json --parquet",
    command: [...ringcap, "--json", "--port", String(PORT), "--parquet", join(directory, "tables")],
    ready: /listening/,
    line: /"type":"close"/,
  },
  { name: "ringcap", command: [...ringcap, "--port", String(PORT)], ready: /listening/, line: /:9000 / },
  {
    name: "ringcap --events",
    command: [...ringcap, "--events", "--json", "--port", String(PORT)],
    ready: /listening/,
    line: /"type":"close"/,
  },
  {
    name: "bpftrace tcplife",
    command: [
      "unshare",
      "-m",
      "sh",
      "-c",
      `mount -t tracefs none /sys/kernel/tracing; BPFTRACE_MAP_KEYS_MAX=262144 exec bpftrace -e ${quoted}`,
    ],
    ready: /listening/,
    line: /:9000 /,
  },
  // Of its own network namespace alone.
  { name: "ss -E", command: ["nsenter", "--net=NAMESPACE", "ss", "-HtnE"], ready: undefined, line: /:9000\b/ },
];

/** @param {import("node:child_process").ChildProcess} child @param {RegExp} line */
function collect(child, line) {
  const result = { lines: 0, text: "" };
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the output is not piped");
  createInterface(stdout).on("line", (text) => {
    if (line.test(text)) result.lines++;
    else if (result.text.length < 1000) result.text += `${text}\n`;
  });
  createInterface(stderr).on("line", (text) => {
    result.text += `${text}\n`;
  });
  return result;
}

/** @param {typeof tools[number]} tool @param {string} namespace */
async function measure(tool, namespace) {
  const [command = "", ...args] = tool.command.map((word) => word.replace("NAMESPACE", `/run/netns/${namespace}`));
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const output = collect(child, tool.line);
  while (tool.ready !== undefined && !tool.ready.test(output.text)) {
    if (child.exitCode !== null) return undefined;
    await pause(50);
  }
  if (tool.ready === undefined) await pause(500);
  const before = cpuSeconds(child.pid ?? 0);
  const generator = spawn("ip", [
    "netns",
    "exec",
    namespace,
    "bash",
    "-c",
    `time "$0" "$@"`,
    storm,
    String(PORT),
    values.rate,
    values.seconds,
  ]);
  const said = collect(generator, /^$/);
  await new Promise((resolve) => generator.once("close", resolve));
  const { connections } = JSON.parse(/\{.*\}/.exec(said.text)?.[0] ?? "{}");
  const spent = [...said.text.matchAll(/^(?:user|sys)\s+(\d+)m([\d.]+)s/gm)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
  await pause(500);
  const cpu = cpuSeconds(child.pid ?? 0) - before;
  const { peak } = memory(child.pid ?? 0);
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("close", resolve));
  return { connections, spent, cpu, peak, ...output };
}

async function manyConnections() {
  const network = new VethPair("ringcap-connections");
  process.once("exit", () => network.destroy());
  console.log(`${values.rate} connections a second on loopback for ${values.seconds} s; two ends each`);
  console.log(
    "| | ends told | of | lost, as it says | missed, as it says | open, as it says | programs' CPU, us a connection | its own CPU, us a connection | MiB |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const tool of tools) {
    const result = await measure(tool, network.receiver);
    if (result === undefined) {
      console.log(`| ${tool.name} | could not be started | | | | | | |`);
      continue;
    }
    const { connections, spent, cpu, peak, lines, text } = result;
    const lost = /^(\d+) connections lost/m.exec(text)?.[1] ?? /Lost \d+ events/.exec(text)?.[0] ?? "-";
    const missed = /^(\d+) connections missed/m.exec(text)?.[1] ?? "-";
    const open = /(\d+) still open/.exec(text)?.[1] ?? "-";
    const micro = (/** @type {number} */ seconds) => ((seconds * 1e6) / connections).toFixed(1);
    console.log(
      `| ${tool.name} | ${lines} | ${2 * connections} | ${lost} | ${missed} | ${open} | ${micro(spent)} | ${micro(cpu)} | ${peak.toFixed(0)} |`,
    );
  }
  network.destroy();
}

/** KiB of memory of the kernel that no process has. */
function kernelMemory() {
  const text = readFileSync("/proc/meminfo", "utf8");
  const of = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
  return { slab: of("Slab") / 1024, percpu: of("Percpu") / 1024, vmalloc: of("VmallocUsed") / 1024 };
}

async function synFlood() {
  const network = new VethPair("ringcap-flooded");
  process.once("exit", () => network.destroy());
  const { sender, receiver } = network;
  network.run(receiver, "ip", "address", "add", "192.0.2.12/24", "dev", "v0");
  network.run(receiver, "ip", "route", "add", "default", "via", "192.0.2.11");
  network.run(
    receiver,
    "ip",
    "neighbour",
    "replace",
    "192.0.2.11",
    "lladdr",
    "02:00:00:00:00:01",
    "nud",
    "permanent",
    "dev",
    "v0",
  );
  network.run(receiver, "ethtool", "-K", "v0", "gro", "on");
  const server = `require("node:net").createServer().listen(${PORT}, "192.0.2.12", () => console.log("ready"))`;
  const listener = network.spawn(receiver, [process.execPath, "-e", server]);
  await new Promise((resolve) => listener.stdout?.once("data", resolve));
  const count = Number(values.syns);
  console.log(`\n${count} SYNs from random addresses to one port`);
  for (const words of [
    ["--json", "--port", String(PORT)],
    ["--half-open", "--json", "--port", String(PORT)],
  ]) {
    const [command = "", ...args] = [...ringcap, ...words];
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const views = /** @type {any[]} */ ([]);
    const said = collect(child, /^$/);
    createInterface(/** @type {import("node:stream").Readable} */ (child.stdout)).on("line", (line) =>
      views.push(JSON.parse(line)),
    );
    while (!/listening/.test(said.text)) await pause(50);
    const before = { resident: memory(child.pid ?? 0).peak, kernel: kernelMemory() };
    const script = `
      import { FrameSender } from ${JSON.stringify(join(root, "scripts/lib/frame-sender.mjs"))};
      import { listInterfaces } from ${JSON.stringify(join(root, "dist/native/system.js"))};
      const interfaceIndex = listInterfaces().find(({ name }) => name === "v1").index;
      const frames = new FrameSender({ interfaceIndex, varySourceAddress: true, varySourcePort: true });
      const took = frames.send(Buffer.from(process.argv[1], "hex"), ${count});
      console.log(took / 1e9);
      frames.close();`;
    const frame = tcpFrame({ source: "10.0.0.1", destination: "192.0.2.12", port: PORT }).toString("hex");
    const took = network.run(sender, process.execPath, "--input-type=module", "-e", script, frame).trim();
    await pause(1500);
    const after = { resident: memory(child.pid ?? 0).peak, kernel: kernelMemory() };
    child.kill("SIGINT");
    await new Promise((resolve) => child.once("close", resolve));
    const sum = (/** @type {string} */ name) => views.reduce((total, view) => total + (view[name] ?? 0), 0);
    console.log(
      `ringcap ${words[0]}: sent in ${Number(took).toFixed(1)} s; resident ${before.resident.toFixed(1)} -> ${after.resident.toFixed(1)} MiB`,
    );
    console.log(`  kernel, MiB: ${JSON.stringify(before.kernel)} -> ${JSON.stringify(after.kernel)}`);
    if (words[0] === "--half-open") {
      const most = Math.max(...views.map(({ synReceived }) => synReceived));
      console.log(
        `  shown: ${sum("syns")} SYNs, at most ${most} half open, ${sum("synCookiesSent")} cookies, ${sum("drops")} drops`,
      );
    }
  }
  listener.kill();
  network.destroy();
}

try {
  execFileSync("gcc", ["-O2", "-pthread", "-o", storm, join(root, "bench/programs/connection-storm.c")]);
  const machine = describeMachine();
  console.log(`Linux ${machine.kernel}, ${machine.cpus} CPUs, Node.js ${machine.node}`);
  await manyConnections();
  await synFlood();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
