// How fast captures are read: a file of small packets through the parser, beside tcpdump, capinfos and npm's pcap-parser.
//   node bench/parse.mjs [--megabytes 1000] [--format pcap|pcapng] [--gzip]
// Each reader runs in a process of its own, once, and is judged by what the kernel counted for it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCapture, PcapParser } from "../dist/pcap-parser/index.js";
import { generate, PACKET_LENGTH } from "./lib/packet-file.mjs";
import { measure, warmCache } from "./lib/readers.mjs";

const NPM_PACKAGE = "pcap-parser";
const self = fileURLToPath(import.meta.url);

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: "string", default: "1000" },
    format: { type: "string", default: "pcap" },
    gzip: { type: "boolean", default: false },
  },
});

// What the processes of this script do: one reader each.

/** @param {string} path */
async function readWithCursor(path) {
  let packets = 0;
  let checksum = 0;
  for await (const batch of await openCapture(path)) {
    const packet = batch.cursor();
    while (packet.next()) {
      packets++;
      checksum += packet.seconds + packet.nanoseconds + packet.originalLength + (packet.bytes[packet.start] ?? 0);
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
async function readObjects(path) {
  let packets = 0;
  let checksum = 0;
  for await (const batch of await openCapture(path)) {
    for (const { seconds, data } of batch) {
      packets++;
      checksum += seconds + data.length;
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
function readSynchronously(path) {
  let packets = 0;
  let checksum = 0;
  for (const batch of new PcapParser(readFileSync(path))) {
    const packet = batch.cursor();
    while (packet.next()) {
      packets++;
      checksum += packet.seconds + packet.nanoseconds + packet.originalLength + (packet.bytes[packet.start] ?? 0);
    }
  }
  return { packets, checksum };
}

/** @param {string} path */
async function readWithNpmPackage(path) {
  const { parse } = createRequire(import.meta.url)(NPM_PACKAGE);
  let packets = 0;
  const parser = parse(path);
  parser.on("packet", () => packets++);
  await new Promise((resolve, reject) => parser.on("end", resolve).on("error", reject));
  return { packets };
}

/** @type {Record<string, (path: string) => Promise<{ packets: number }> | { packets: number }>} */
const readers = {
  cursor: readWithCursor,
  objects: readObjects,
  synchronous: readSynchronously,
  npm: readWithNpmPackage,
};

const [readerName, readerPath] = positionals;
if (readerName !== undefined && readerPath !== undefined) {
  const reader = readers[readerName];
  if (reader === undefined) throw new Error(`no reader ${readerName}`);
  const { packets } = await reader(readerPath);
  process.stdout.write(`${packets}\n`);
} else {
  compare();
}

function compare() {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-parse-"));
  try {
    let path = join(directory, `packets.${options.format}`);
    const packets = generate(path, options.format, Number(options.megabytes) * 1e6);
    process.stdout.write(`${packets.toLocaleString("en")} packets of ${PACKET_LENGTH} bytes, ${options.format}\n`);
    if (options.gzip) {
      spawnSync("gzip", ["-1", path]);
      path += ".gz";
    }
    const size = statSync(path).size;
    warmCache(path);
    /** @type {[string, string[]][]} */
    const rows = [
      ["openCapture, cursor", [process.execPath, self, "cursor", path]],
      ["openCapture, packet objects", [process.execPath, self, "objects", path]],
    ];
    if (!options.gzip && size < 2e9) {
      rows.push(["PcapParser, whole file in memory", [process.execPath, self, "synchronous", path]]);
    }
    // tcpdump would give the device to a user of its own.
    rows.push(["tcpdump -r -w /dev/null", ["tcpdump", "-Z", "root", "-r", path, "-w", "/dev/null"]]);
    rows.push(["capinfos -c", ["capinfos", "-Mc", path]]);
    for (const [name, command] of rows) process.stdout.write(`${measure(name, command, packets)}\n`);
    compareWithNpmPackage(path, packets);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @param {string} path @param {number} packets */
function compareWithNpmPackage(path, packets) {
  try {
    createRequire(import.meta.url).resolve(NPM_PACKAGE);
  } catch {
    process.stdout.write(
      `npm's ${NPM_PACKAGE} is not installed: install it anywhere, and name its node_modules in NODE_PATH\n`,
    );
    return;
  }
  if (options.format !== "pcap" || options.gzip) {
    process.stdout.write(`npm's ${NPM_PACKAGE} reads plain pcap only\n`);
    return;
  }
  process.stdout.write(`${measure(`npm ${NPM_PACKAGE}`, [process.execPath, self, "npm", path], packets)}\n`);
}
