/** Systems other than Linux, where the package installs: played by the name that the process has for its system. */
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";

const root = pathToFileURL(`${process.cwd()}/`).href;

/** Runs a module that prints JSON. */
async function runOn(platform: string, script: string): Promise<unknown> {
  const elsewhere = `Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} });`;
  const words = ["--input-type=module", "--eval", `${elsewhere}\n${script}`];
  const { stdout, stderr, code } = await run(process.execPath, words);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

test.each(["darwin", "win32"])("on %s, what needs the addon says so, and the formats work", async (platform) => {
  const found = await runOn(
    platform,
    `
    const { capture } = await import("${root}dist/index.js");
    const { PcapParser } = await import("${root}dist/pcap-parser/index.js");
    const { PcapngWriter } = await import("${root}dist/pcap-writer/index.js");
    const error = await capture({ interfaces: ["lo"] }).catch((reason) => reason);
    const pieces = [];
    const writer = new PcapngWriter({}, (piece) => pieces.push(Uint8Array.from(piece)));
    const interfaceId = writer.addInterface({ linkType: 1 });
    writer.write({ interfaceId, timestampNanoseconds: 1n, data: Uint8Array.of(0xaa) });
    writer.flush();
    const read = [];
    for (const batch of new PcapParser(Buffer.concat(pieces))) {
      for (const packet of batch) read.push(packet.data[0]);
    }
    console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint, read }));
    `,
  );
  expect(found).toEqual({
    code: "INSTALLATION",
    message: `load the native addon: it is for Linux, and this is ${platform}`,
    hint: "run it on Linux; the entries ringcap/pcap-parser and ringcap/pcap-writer do without it on every system",
    read: [0xaa],
  });
});
