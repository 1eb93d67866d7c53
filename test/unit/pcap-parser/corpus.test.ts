/**
 * Captures of other projects, read as tshark reads them. They are not part of this one: RINGCAP_CORPUS names the folder
 * that has them in pcap/ and pcapng/.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PcapParser } from "../../../src/pcap-parser/index.ts";
import { type Reading, readAllWithEditcap, readPcapngWithTshark, readWithTcpdump } from "./judges.ts";
import { readBytes } from "./read-capture.ts";

const corpus = process.env.RINGCAP_CORPUS ?? join(import.meta.dirname, "../../../../shared/corpus");
const isThere = existsSync(corpus);

function filesOf(folder: string, extension: string): string[] {
  if (!existsSync(join(corpus, folder))) return [];
  const names = readdirSync(join(corpus, folder)).filter((name) => name.endsWith(extension));
  return names.map((name) => join(corpus, folder, name));
}

/** tshark 4.0 does not know the link type and refuses the file. The packets are there all the same, as tcpdump sees. */
const UNKNOWN_LINK_TYPE = [
  "brcm-tag-prepend.pcap",
  "brcm-tag.pcap",
  "dsa-high-vid.pcap",
  "dsa.pcap",
  "edsa-high-vid.pcap",
  "edsa.pcap",
  "frf16_magic_ie-oobr.pcap",
  "hoobr_juniper3.pcap",
  "juniper_es_oobr.pcap",
  "juniper_monitor_invalid_cookie_length.pcap",
  "kday6.pcap",
];

/**
 * tshark takes the first four bytes of SunATM for a part of the record's header, gives packets without them, and editcap
 * writes others in their place. The parser, as tcpdump, leaves them where they are. In the last of the files a fraction
 * of more than a second overflows in tshark, too.
 */
const SUN_ATM = ["atm-heapoverflow.pcap", "atm-oam-heapoverflow.pcap", "atm-oam-loopback-print-overrun.pcap"];

let byEditcap: ReadonlyMap<string, Reading>;

function judge(path: string): Reading {
  const name = basename(path);
  // What cannot be rewritten as pcap, for its link types or its blocks, tshark itself can show.
  if (path.endsWith(".pcapng")) return byEditcap.get(path) ?? readPcapngWithTshark(path);
  if (SUN_ATM.includes(name)) return readWithTcpdump(path);
  if (!UNKNOWN_LINK_TYPE.includes(name)) return byEditcap.get(path);
  expect(byEditcap.get(path)).toBeUndefined();
  return readWithTcpdump(path);
}

function read(path: string): Reading {
  const { packets, error } = readBytes(readFileSync(path));
  if (error !== undefined) return undefined;
  return packets.map(({ timestamp, originalLength, data }) => {
    return `${timestamp} ${originalLength} ${Buffer.from(data).toString("hex")}`;
  });
}

const captures = [...filesOf("pcap", ".pcap"), ...filesOf("pcapng", ".pcapng")];

describe.skipIf(!isThere)(`the captures of ${corpus}`, () => {
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
    try {
      byEditcap = readAllWithEditcap(captures, directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each(captures.map((path) => [basename(path), path]))("%s is read as others read it", (_, path) => {
    expect(read(path)).toEqual(judge(path));
  });

  it("are there", () => {
    expect(captures.length).toBeGreaterThan(100);
  });
});

const BLOCKS = new Map([
  [0x0a0d0d0a, "SHB"],
  [1, "IDB"],
  [2, "PB"],
  [3, "SPB"],
  [4, "NRB"],
  [5, "ISB"],
  [6, "EPB"],
  [0x0000_0bad, "CB"],
  [0x4000_0bad, "DCB"],
]);

function blockSequence(bytes: Uint8Array): string {
  const names: string[] = [];
  for (const batch of new PcapParser(bytes)) {
    const found: { at: number; type: number }[] = batch.blocks.map(({ raw }) => ({
      at: raw.fileOffset,
      type: raw.type,
    }));
    const cursor = batch.cursor();
    while (cursor.next()) {
      const { record } = cursor;
      const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
      found.push({ at: cursor.fileOffset, type: view.getUint32(0, batch.section.littleEndian) });
    }
    names.push(...found.sort((a, b) => a.at - b.at).map(({ type }) => BLOCKS.get(type) ?? `0x${type.toString(16)}`));
  }
  return names.join(", ");
}

const described = filesOf("pcapng", ".txt").filter((path) => existsSync(path.replace(/txt$/, "pcapng")));

describe.skipIf(described.length === 0)("the captures with a description", () => {
  it.each(described.map((path) => [basename(path), path]))(
    "%s: the blocks are in the order that it says",
    (_, path) => {
      const [, sequence] = /^Block sequence: (.*)$/m.exec(readFileSync(path, "utf8")) ?? [];
      expect(blockSequence(readFileSync(path.replace(/txt$/, "pcapng")))).toBe(sequence?.trim());
    },
  );
});

if (!isThere) {
  it.skip(`captures of other projects: ${corpus} is not there (RINGCAP_CORPUS names their folder)`, () => undefined);
}
