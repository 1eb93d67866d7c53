/**
 * Who may import whom in src/: the one table, from which the lint rules of biome.rooms.json come.
 *
 * `node scripts/rooms.mjs` writes that file, and with --check it fails where the file is not what the table says.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** Of each folder of src/: the folders that it may import. All of them may import errors.ts and generated/. */
const ROOMS = {
  options: [],
  native: [],
  "pcap-parser": ["options"],
  "pcap-writer": ["options"],
  packets: ["options", "native", "pcap-parser", "pcap-writer"],
  filter: ["options", "native", "packets"],
  host: ["options", "native", "packets", "filter"],
  pipeline: ["options", "host", "packets", "pcap-parser"],
  outputs: ["options", "native", "host", "packets", "pipeline", "pcap-parser", "pcap-writer"],
  capture: ["options", "native", "host", "packets", "filter", "pipeline", "pcap-parser"],
  anonymize: ["options", "packets", "filter", "pipeline", "outputs", "pcap-parser"],
  flood: ["options", "native", "host", "packets", "pipeline", "outputs", "pcap-writer"],
  connections: ["options", "native", "host", "packets", "filter", "pipeline", "pcap-parser"],
  replay: ["options", "native", "host", "packets", "filter", "pipeline", "pcap-parser", "pcap-writer", "capture"],
  send: ["options", "native", "host", "packets", "pipeline", "pcap-parser"],
  extcap: ["options", "host", "packets", "outputs"],
  service: ["options", "native", "host"],
  explain: ["options", "host", "packets", "filter", "capture"],
  doctor: ["options", "native", "host", "packets", "filter", "capture", "connections", "send", "extcap"],
  report: ["options", "host", "packets", "pipeline", "outputs", "pcap-parser", "anonymize"],
  cap: ["options", "native", "host", "packets", "filter", "pipeline", "capture"],
  fleet: [
    ...["options", "native", "host", "packets", "filter", "pipeline", "outputs", "pcap-parser", "pcap-writer"],
    ...["flood", "report"],
  ],
  library: ["options", "packets", "pipeline", "outputs", "pcap-writer", "capture", "replay", "report", "fleet"],
};

/** The folders that the command line may import, each by its index.ts. */
const COMMAND_LINE = [
  ...Object.keys(ROOMS).filter((room) => !["native", "generated", "cap", "library"].includes(room)),
];

/** @param {string} folder @param {{ group: string[], message: string }[]} patterns */
function rule(folder, patterns) {
  return {
    includes: [`src/${folder}/**`],
    linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns } } } } },
  };
}

/** @param {string} room @param {readonly string[]} allowed */
function roomRule(room, allowed) {
  const all = [...Object.keys(ROOMS), "cli"];
  const others = all.filter((other) => other !== room && !allowed.includes(other));
  const message = `src/${room} may import ${["errors", ...allowed].join(", ")}: see scripts/rooms.mjs.`;
  const patterns = [{ group: others.map((other) => `**/${other}/**`), message }];
  if (room !== "native") patterns.push({ group: ["**/native/addon.ts"], message: "Only src/native loads the addon." });
  return rule(room, patterns);
}

function commandLineRule() {
  const hidden = Object.keys(ROOMS).filter((room) => !COMMAND_LINE.includes(room));
  return rule("cli", [
    {
      group: hidden.map((room) => `**/${room}/**`),
      message: "The command line does without these: see scripts/rooms.mjs.",
    },
    {
      group: COMMAND_LINE.flatMap((room) => [`**/${room}/**`, `!**/${room}/index.ts`, `!**/${room}/lines/index.ts`]),
      message: "The command line imports the rooms by their index.ts.",
    },
  ]);
}

const file = new URL("../biome.rooms.json", import.meta.url);
const overrides = [...Object.entries(ROOMS).map(([room, allowed]) => roomRule(room, allowed)), commandLineRule()];
const text = `${JSON.stringify({ overrides }, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("biome.rooms.json is not what scripts/rooms.mjs says: run `npm run format`");
  process.exitCode = 1;
}
