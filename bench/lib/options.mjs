// What `npm run bench -- ...` understands.
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ringcapTools, tools } from "./tools.mjs";
import { workloads } from "./workloads.mjs";

export const USAGE = `npm run bench -- [options]
  --workload a,c       of ${workloads.map(({ letter }) => letter).join(", ")}; default: all
  --tools a,b          of ${tools.map(({ name }) => name).join(", ")}; default: all
  --rounds n           default 5
  --parts a,b          of floods, kernel, start, stop, bursts; default: all, or floods when a workload is named
  --directory path     where the tools write; default: the one for temporary files
  --beside path        also ringcap as it is built there, in rows with a +
  --json file          the figures, "-" is stdout
`;

const PARTS = ["floods", "kernel", "start", "stop", "bursts"];

/** @param {string[]} args */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      workload: { type: "string" },
      tools: { type: "string" },
      rounds: { type: "string", default: "5" },
      parts: { type: "string" },
      directory: { type: "string", default: tmpdir() },
      beside: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const chosen = values.workload === undefined && values.tools === undefined ? PARTS : ["floods"];
  const others = values.beside === undefined ? [] : ringcapTools(resolve(values.beside), "+ ");
  const known = [...tools, ...others];
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`--rounds: ${values.rounds} is no number of rounds`);
  return {
    help: values.help,
    rounds,
    directory: values.directory,
    json: values.json,
    parts: pick("--parts", values.parts, PARTS, (part) => part) ?? chosen,
    workloads: pick("--workload", values.workload, workloads, ({ letter }) => letter) ?? workloads,
    tools: pick("--tools", values.tools, known, ({ name }) => name) ?? known,
  };
}

/**
 * @template T
 * @param {string} option
 * @param {string | undefined} list
 * @param {readonly T[]} all
 * @param {(candidate: T) => string} nameOf
 */
function pick(option, list, all, nameOf) {
  return list?.split(",").map((word) => {
    const found = all.find((candidate) => nameOf(candidate) === word);
    if (found === undefined) throw new Error(`${option}: there is no "${word}" (${all.map(nameOf).join(", ")})`);
    return found;
  });
}
