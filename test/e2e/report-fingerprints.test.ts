/** The filters of a report's fingerprints, judged by tcpdump, tshark and a replay: each chooses exactly the packets of its tuple. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { replay } from "../../src/replay/index.ts";
import type { FingerprintReport } from "../../src/report/fingerprints/fingerprint-report.ts";
import { Fingerprints } from "../../src/report/fingerprints/fingerprints.ts";
import { main } from "../support/cli.ts";
import { selectedByTcpdump } from "../support/judges.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { ETHERNET_KINDS, RAW_KINDS, type SynKind } from "../support/syn-kinds.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { selectionsOfTshark } from "../support/tshark-selections.ts";
import { eachColumns } from "../unit/report/columns.ts";

/** A capture in which the packets of all kinds alternate, and for each tuple the numbers, from 0, of its packets. */
function mixture(kinds: readonly SynKind[]) {
  const frames: Uint8Array[] = [];
  const numbers = new Map<string, number[]>();
  // Each kind has another number of packets, so that no filter passes for another one.
  for (let round = 0; round < kinds.length + 3; round++) {
    for (const [place, { tuple, frame }] of kinds.entries()) {
      if (round >= place + 3) continue;
      if (tuple !== null) numbers.set(tuple, [...(numbers.get(tuple) ?? []), frames.length]);
      frames.push(frame(round));
    }
  }
  return { frames, numbers };
}

function reported(frames: readonly Uint8Array[], linkType: number): FingerprintReport {
  const fingerprints = new Fingerprints();
  eachColumns(
    frames.map((data) => ({ data, linkType })),
    (columns) => fingerprints.add(columns),
  );
  return fingerprints.report(1000);
}

/** Of each entry: its tuple, and what its filters are. */
function filtersOf({ entries }: FingerprintReport) {
  return entries.map(({ tuple, filters }) => {
    if (filters === null) throw new Error(`${tuple} has no filters`);
    return { tuple, ...filters };
  });
}

async function selectedByReplay(path: string, expression: string): Promise<number[]> {
  const session = await replay(path, { filter: { expression }, engine: "user" });
  const numbers: number[] = [];
  for await (const batch of session) {
    for (const { timestamp } of batch) numbers.push(Number(timestamp / 1_000_000n) - 1_704_067_200_000);
  }
  return numbers;
}

describeWith(requirements.tools("tcpdump", "tshark"), "the filters of fingerprints", () => {
  test.each([
    ["Ethernet", 1, ETHERNET_KINDS],
    ["raw IP", 101, RAW_KINDS],
  ])("choose exactly the packets of their tuple, on %s", async (_, linkType, kinds) => {
    const { frames, numbers } = mixture(kinds);
    const path = join(temporaryDirectory(), "syns.pcap");
    writePcap(
      path,
      frames.map((data) => ({ data })),
      linkType,
    );
    const report = reported(frames, linkType);
    expect(new Map(report.entries.map(({ tuple, packets }) => [tuple, packets]))).toEqual(
      new Map([...numbers].map(([tuple, { length }]) => [tuple, length])),
    );

    const filters = filtersOf(report);
    const selections = await selectionsOfTshark(
      path,
      filters.map(({ displayFilter }) => displayFilter),
    );
    for (const { tuple, expression, displayFilter } of filters) {
      const expected = numbers.get(tuple);
      expect.soft(await selectedByTcpdump(path, expression), `tcpdump: ${tuple}: ${expression}`).toEqual(expected);
      expect.soft(await selectedByReplay(path, expression), `replay: ${tuple}: ${expression}`).toEqual(expected);
      const chosen = selections.get(displayFilter)?.map((number) => number - 1);
      expect.soft(chosen, `tshark: ${tuple}: ${displayFilter}`).toEqual(expected);
    }
  });

  test("are ready for a shell", async () => {
    const frames = ETHERNET_KINDS.slice(0, 5).flatMap(({ frame }) => [frame(1), frame(2)]);
    const path = join(temporaryDirectory(), "syns.pcap");
    writePcap(
      path,
      frames.map((data) => ({ data })),
    );
    const [first] = filtersOf(reported(frames, 1));
    const command = `node ${main} replay ${path} --engine user --json -q -w /dev/null ${first?.ringcap}`;
    const { stdout } = await runOrFail("sh", ["-c", command]);
    expect(JSON.parse(stdout).packets).toMatchObject({ seen: 10, matched: 2 });
  });
});
