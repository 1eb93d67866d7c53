import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReplayOptions } from "../../src/replay/options.ts";
import {
  corpus,
  fixtures,
  matchedBy,
  matchedByTcpdump,
  type NumberedPacket,
  type Replay,
  type ReplayedPacket,
  readCaptures,
  writeNumbered,
} from "../support/agreement.ts";
import { deliberateDifference } from "../support/deliberate-differences.ts";
import { acrossTags, type FilterQuestion, filterQuestions } from "../support/filter-questions.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { selectionsOfTshark } from "../support/tshark-selections.ts";

const { replay } = (await import(new URL("../../dist/index.js", import.meta.url).href)) as { replay: Replay };

/** For all tests of the file, which run side by side. */
const directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const captures = readCaptures([fixtures, join(corpus, "pcap"), join(corpus, "pcapng")]);

/** Captures with the packets of many files, and who can be asked about them. */
const groups = [
  { name: "Ethernet", linkTypes: [1], hooks: ["xdp", "tc"], written: 1 },
  { name: "raw IP", linkTypes: [12, 14, 101, 228, 229], hooks: ["tc"], written: 101 },
  { name: "Linux cooked", linkTypes: [113], hooks: [], written: 113 },
  { name: "Linux cooked 2", linkTypes: [276], hooks: [], written: 276 },
  { name: "BSD loopback", linkTypes: [0], hooks: [], written: 0 },
  { name: "802.11", linkTypes: [105], hooks: [], written: 105 },
  { name: "802.11 with radiotap", linkTypes: [127], hooks: [], written: 127 },
] as const;

/** What libpcap reads otherwise under these link types; tshark is asked. */
const READ_OTHERWISE: Readonly<Record<number, string>> = {
  // AF_INET6 is that of the reading host, the byte order that of the file.
  0: "a protocol family of another system",
  // The fourth address is taken for the LLC header.
  105: "four addresses",
  127: "four addresses",
};

/** Of what is cut off tshark shows whole headers only; the engines need no more than the field. */
const CUT = "_ws.short || _ws.malformed";

const describeFilter = (options: object) => JSON.stringify(options);

describeWith([requirements.bpf, requirements.tools("tcpdump", "tshark")], "the engines of replay", () => {
  for (const group of groups) {
    const linkTypes: readonly number[] = group.linkTypes;
    const packets = captures.filter(({ linkType }) => linkTypes.includes(linkType)).flatMap(({ packets }) => packets);
    const isEthernet = group.written === 1;
    const path = join(directory, `group-${group.written}.pcap`);
    writeNumbered(path, packets, group.written);
    let answers: ReturnType<typeof selectionsOfTshark> | undefined;
    /** tshark is asked once for all questions. */
    const keptByTshark = async (filter: string): Promise<Set<number>> => {
      answers ??= selectionsOfTshark(path, [CUT, ...filterQuestions.map(({ tshark }) => tshark)]);
      const numbers = (await answers).get(filter);
      if (numbers === undefined) throw new Error(`tshark was not asked: ${filter}`);
      return new Set(numbers);
    };

    test(`have ${group.name} packets of fixtures to agree about`, () => {
      expect(packets.length).toBeGreaterThan(3);
    });

    test.concurrent.each(filterQuestions.map((question) => [describeFilter(question.filter), question] as const))(
      `agree with each other, and with the outside judges, about ${group.name} and %s`,
      async (_, question) => {
        const user = await matchedBy(replay, path, { filter: question.filter, engine: "user" });
        for (const hook of group.hooks) {
          const options: ReplayOptions = { filter: question.filter, engine: "kernel", hook };
          expect(named(await matchedBy(replay, path, options), packets)).toEqual(named(user, packets));
        }

        const tcpdump = await matchedByTcpdump(path, isEthernet ? acrossTags(question.tcpdump) : question.tcpdump);
        const disputed = symmetricDifference(user, tcpdump);
        const allowed = (packet: NumberedPacket) =>
          group.written === 1 || group.written === 101
            ? deliberateDifference(packet.data, isEthernet)
            : (READ_OTHERWISE[group.written] ?? "IPv6");
        const mistakes = disputed.filter((number) => allowed(packetAt(packets, number)) === undefined);
        expect(named(mistakes, packets)).toEqual([]);
        await expectTshark(question, disputed, user, packets, keptByTshark);
      },
    );
  }

  /** The packets in dispute, each of which tshark has to see as the engines do. */
  async function expectTshark(
    question: FilterQuestion,
    disputed: readonly number[],
    user: readonly number[],
    packets: readonly NumberedPacket[],
    keptByTshark: (filter: string) => Promise<Set<number>>,
  ): Promise<void> {
    if (disputed.length === 0) return;
    const byTshark = await keptByTshark(question.tshark);
    const kept = disputed.filter((number) => byTshark.has(number));
    const ours = disputed.filter((number) => user.includes(number));
    if (kept.join() === ours.join()) return;
    const cut = await keptByTshark(CUT);
    const isWhole = (number: number) => !cut.has(number);
    expect(named(kept.filter(isWhole), packets)).toEqual(named(ours.filter(isWhole), packets));
  }
});

const lineOf = ({ timestamp, originalLength, data }: Partial<ReplayedPacket>) =>
  `${timestamp} ${originalLength} ${Buffer.from(data ?? []).toString("hex")}`;

const rewritten = captures.filter(({ path }) => !path.endsWith(".pcap"));

describeWith([requirements.tools("editcap")], "replay of pcapng and of gzip", () => {
  test("has captures to read", () => {
    expect(rewritten.length).toBeGreaterThan(3);
  });

  test.each(rewritten.map((capture) => [basename(capture.path), capture] as const))(
    "gives the packets of %s that editcap gives",
    async (_, { path, packets }) => {
      const given: string[] = [];
      for await (const batch of await replay(path, { engine: "user" })) given.push(...[...batch].map(lineOf));
      expect(given).toEqual(packets.map(lineOf));
    },
  );
});

beforeAll(() => {
  expect(filterQuestions.length).toBeGreaterThanOrEqual(30);
});

function packetAt(packets: readonly NumberedPacket[], number: number): NumberedPacket {
  const packet = packets[number - 1];
  if (packet === undefined) throw new Error(`there is no packet ${number}`);
  return packet;
}

function named(numbers: readonly number[], packets: readonly NumberedPacket[]): string[] {
  return numbers.map((number) => packetAt(packets, number).origin);
}

function symmetricDifference(a: readonly number[], b: readonly number[]): number[] {
  const inA = new Set(a);
  const inB = new Set(b);
  return [...a.filter((number) => !inB.has(number)), ...b.filter((number) => !inA.has(number))].sort((x, y) => x - y);
}
