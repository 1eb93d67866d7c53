// Tables of many packets: how fast `ringcap export` writes them, how large they are, and how long the ready questions take.
//   node bench/fleet.mjs [--millions 1,10] [--directory DIR] [--rounds 3]
// The packets are those of four hosts. With --directory the tables stay there, one directory a size, and are asked alone when
// they are there already: a hundred million rows take minutes to write, and seconds to ask.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { QUESTION_NAMES, sqlOfQuestion } from "../dist/fleet/index.js";
import { openTables } from "../dist/library/fleet.js";
import { writeMixture } from "./lib/mixed-file.mjs";
import { measure, warmCache } from "./lib/readers.mjs";

const self = fileURLToPath(import.meta.url);
const ringcap = fileURLToPath(new URL("../bin/ringcap.cjs", import.meta.url));
/** Captures have no events and no incidents. */
const QUESTIONS = QUESTION_NAMES.filter((name) => name !== "incidents");
const HOSTS = ["web1", "web2", "web3", "web4"];
/** Of one capture file, so that it fits into memory beside everything else. */
const MOST_PACKETS = 10_000_000;
const BEGIN = 1_795_860_000;
const PER_SECOND = 100_000;
const LIMIT = 20;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    millions: { type: "string", default: "1,10" },
    directory: { type: "string" },
    rounds: { type: "string", default: "3" },
  },
});

/** Writes the tables of all hosts, and says how fast. @param {string} tables @param {number} packets @param {string} folder */
function write(tables, packets, folder) {
  const path = join(folder, "packets.pcap");
  const ofHost = packets / HOSTS.length;
  for (const [index, host] of HOSTS.entries()) {
    for (let written = 0; written < ofHost; written += MOST_PACKETS) {
      const count = Math.min(MOST_PACKETS, ofHost - written);
      writeMixture(path, { packets: count, begin: BEGIN + written / PER_SECOND, seed: 1 + index * 1000 + written });
      warmCache(path);
      const command = [
        process.execPath,
        ringcap,
        "export",
        path,
        "--to",
        tables,
        "--host",
        host,
        "-q",
        "--user",
        "none",
      ];
      process.stdout.write(`${measure(`export, ${host}, ${count.toLocaleString("en")} packets`, command, count)}\n`);
      rmSync(path);
    }
  }
}

/** @param {string} tables @param {number} packets */
function sayBytes(tables, packets) {
  const files = readdirSync(tables, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".parquet"));
  const bytes = files.reduce((sum, name) => sum + statSync(join(tables, name)).size, 0);
  const each = (bytes / packets).toFixed(1);
  process.stdout.write(`${files.length} files, ${(bytes / 1e6).toFixed(0)} MB, ${each} bytes a row\n`);
}

/** Asks each question in processes of their own, and says the median. @param {string} tables */
function ask(tables) {
  for (const question of QUESTIONS) {
    const rounds = Array.from({ length: Number(options.rounds) }, () => askOnce(tables, question));
    const failed = rounds.find((round) => "error" in round);
    rounds.sort((one, other) => one.seconds - other.seconds);
    const median = rounds[Math.floor(rounds.length / 2)];
    const memory = Math.max(...rounds.map((round) => round.memory));
    const answer = failed === undefined ? `${median?.seconds.toFixed(2)} s` : failed.error;
    process.stdout.write(`${question.padEnd(12)} ${answer}, ${memory} MiB\n`);
  }
}

/** @param {string} tables @param {string} question @returns {{ seconds: number, memory: number, error?: string }} */
function askOnce(tables, question) {
  return JSON.parse(execFileSync(process.execPath, [self, tables, question], { encoding: "utf8" }));
}

/** @param {string} directory @param {string} question */
async function answer(directory, question) {
  const tables = await openTables(directory);
  const begin = performance.now();
  let error;
  try {
    const { rows } = await tables.ask(sqlOfQuestion(question, tables.tables, { limit: LIMIT }));
    for await (const _ of rows);
  } catch (cause) {
    error = String(cause).split("\n")[0];
  }
  const seconds = (performance.now() - begin) / 1000;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  return { seconds, memory, error };
}

function compare() {
  const folder = mkdtempSync(join(tmpdir(), "ringcap-fleet-"));
  try {
    for (const millions of options.millions.split(",")) {
      const packets = Number(millions) * 1e6;
      const tables = join(options.directory ?? folder, `${millions}-million`);
      process.stdout.write(`\n${packets.toLocaleString("en")} packets of ${HOSTS.length} hosts\n`);
      if (!existsSync(tables)) {
        write(`${tables}.new`, packets, folder);
        renameSync(`${tables}.new`, tables);
      }
      sayBytes(tables, packets);
      ask(tables);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [directory, question] = positionals;
if (directory === undefined || question === undefined) compare();
else process.stdout.write(JSON.stringify(await answer(directory, question)));
