// How fast captures are analysed for a report: a file of one SYN over and over, and one of SYNs from random sources, beside
// the parser alone, capinfos and tshark's endpoints.
//   node bench/report.mjs [--megabytes 1000] [--tshark]
// Each program runs in a process of its own, once, and is judged by what the kernel counted for it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCapture } from "../dist/pcap-parser/index.js";
import { ReportSink } from "../dist/report/index.js";
import { generate, generateSpoofed } from "./lib/packet-file.mjs";
import { measure, warmCache } from "./lib/readers.mjs";

const self = fileURLToPath(import.meta.url);
const parse = fileURLToPath(new URL("parse.mjs", import.meta.url));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: "string", default: "1000" }, tshark: { type: "boolean", default: false } },
});

/** @param {string} path @returns {Promise<number>} packets of the report */
async function analyse(path) {
  const sink = new ReportSink();
  await sink.readCapture(await openCapture(path));
  const report = sink.report({ created: "", ringcap: "", command: [], filter: null, files: [] });
  return report.packets.matched;
}

function compare() {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-report-"));
  const size = Number(options.megabytes) * 1e6;
  try {
    for (const kind of ["one SYN", "random sources"]) {
      const path = join(directory, "packets.pcap");
      const packets = kind === "one SYN" ? generate(path, "pcap", size) : generateSpoofed(path, size);
      process.stdout.write(`${packets.toLocaleString("en")} packets, ${kind}\n`);
      warmCache(path);
      /** @type {[string, string[]][]} */
      const rows = [
        ["ReportSink", [process.execPath, self, path]],
        ["the parser alone", [process.execPath, parse, "cursor", path]],
        ["capinfos", ["capinfos", "-M", path]],
      ];
      if (options.tshark) rows.push(["tshark -q -z endpoints,ip", ["tshark", "-r", path, "-q", "-z", "endpoints,ip"]]);
      for (const [name, command] of rows) process.stdout.write(`${measure(name, command, packets)}\n`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const [readPath] = positionals;
if (readPath === undefined) compare();
else process.stdout.write(`${await analyse(readPath)}\n`);
