/** Follows a hint: what it says to type is typed. */
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { inFlags } from "../../../src/cli/option-words.ts";
import { main } from "../../support/cli.ts";
import { TestNetwork } from "../../support/network.ts";
import { requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import type { HintRow } from "./row.ts";

/** What following hints takes. */
export const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools(
    ...["ip", "unshare", "setpriv", "ethtool", "script", "tcpdump", "tshark", "capinfos", "editcap", "mergecap"],
    ...["bzip2", "gzip", "lz4", "xz", "zstd", "python3"],
  ),
];

/** Functions for the lines of the tables: a capture in the background that captures, and the library. */
const FUNCTIONS = `
  started() { ringcap -i v0 "$@" 2>messages & until grep -q '^listening' messages; do kill -0 $! || return; done; }
  library() { node library.mjs "$@"; }
  parser() { node parser.mjs "$@"; }
`;
const SCRIPTS = {
  "library.mjs": `import { capture } from "${new URL("../../../dist/index.js", import.meta.url)}";
    const [options, stream] = process.argv.slice(2);
    try {
      const session = await capture({ hook: "tc", duration: 0.05, ...JSON.parse(options) });
      if (stream === "stream") session.toPcapStream();
      if (stream === "pcapng") session.toPcapngStream();
      for await (const batch of session) batch.count;
    } catch (error) {
      console.error(error.message + "\\nringcap: " + error.hint);
      process.exit(1);
    }`,
  "parser.mjs": `import { readFileSync } from "node:fs";
    import { openCapture, PcapParser } from "${new URL("../../../dist/pcap-parser/index.js", import.meta.url)}";
    const [name, file] = process.argv.slice(2);
    const open = { openCapture, PcapParser: (path) => new PcapParser(readFileSync(path)) };
    try {
      for await (const batch of await open[name](file)) batch.count;
    } catch (error) {
      console.error(error.message + "\\nringcap: " + error.hint);
      process.exit(1);
    }`,
};

function patternOf(hint: string): RegExp {
  const parts = inFlags(hint)
    .split("…")
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(parts.join("(?:.*)"));
}

/** The bash that does what a hint says. */
function followed({ take, fill = {}, follow }: HintRow, said: string): string {
  const filled = Object.entries(fill).reduce((text, [words, value]) => text.replaceAll(words, value), said);
  const taken = take?.exec(filled) ?? [];
  if (take !== undefined) expect(filled).toMatch(take);
  return follow.replaceAll(/\$([12])/g, (whole, group) => taken[Number(group)] ?? whole);
}

export interface HintFollower {
  /** The network of all tests of the file. */
  readonly network: TestNetwork;
  /** Has the hint said, does what it says, and expects that to succeed. Only inside a test. */
  follow(row: HintRow): Promise<void>;
}

/** Only inside a suite, whose tests share the network. */
export function hintFollower(): HintFollower {
  let network: TestNetwork;
  let directory: string;
  /** The lines that were followed already: many options of other programs are simply left out. */
  const followedLines = new Set<string>();
  beforeAll(async () => {
    network = await TestNetwork.create();
  });
  afterAll(() => network.destroy());

  /** A new directory with what the lines of the row use. */
  function prepare({ when = "", follow }: HintRow): void {
    directory = temporaryDirectory();
    mkdirSync(join(directory, "bin"));
    symlinkSync(main, join(directory, "bin", "ringcap"));
    if (`${when} ${follow}`.includes("fixtures/")) {
      cpSync("fixtures", join(directory, "fixtures"), { recursive: true });
    }
    for (const name of ["x.pcap", "in.pcap"]) cpSync("fixtures/syn-flood-ipv4.pcap", join(directory, name));
    for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(join(directory, name), text);
    chmodSync(directory, 0o755);
  }

  async function bash(line: string) {
    const env = { ...process.env, PATH: `${directory}/bin:${process.env.PATH}`, OTHER: network.namespaces.a };
    const words = ["-o", "pipefail", "-c", FUNCTIONS + line];
    const { code, stdout, stderr } = await network.exec("b", "bash", words, { cwd: directory, env });
    return { code, output: stdout + stderr };
  }

  /** The hint as it is said. */
  async function said({ hint, isNote }: HintRow, when: string): Promise<string> {
    const { code, output } = await bash(when);
    if (!isNote) expect(code, output).not.toBe(0);
    expect(output).toMatch(patternOf(hint));
    const [words = ""] = patternOf(hint).exec(output) ?? [];
    return words;
  }

  async function follow(row: HintRow) {
    prepare(row);
    const line = followed(row, row.when === undefined ? row.hint : await said(row, row.when));
    if (row.shows === undefined && followedLines.has(line)) return;
    followedLines.add(line);
    const after = await bash(line);
    expect(after.code, `${line}\n${after.output}`).toBe(0);
    if (row.shows !== undefined) expect(after.output).toMatch(row.shows);
  }

  return {
    get network() {
      return network;
    },
    follow,
  };
}
