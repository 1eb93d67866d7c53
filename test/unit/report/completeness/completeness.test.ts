import { describe, expect, it } from "vitest";
import { openCapture } from "../../../../src/pcap-parser/index.ts";
import type { PcapngWriter } from "../../../../src/pcap-writer/index.ts";
import { ReportSink } from "../../../../src/report/index.ts";
import { ethernet, ipv4, tcp } from "../../../support/frames.ts";
import { write } from "../../pcap-writer/pcapng/written.ts";

const TIME = 1_700_000_000_000_000_000n;
const SYN = ethernet({ payload: ipv4({ payload: tcp() }) });

/** @param fills of each file */
async function reportOf(...fills: readonly ((writer: PcapngWriter) => void)[]) {
  const sink = new ReportSink();
  for (const fill of fills) {
    const file = write(
      (writer) => {
        writer.addInterface({ linkType: 1, name: "eth0", snapshotLength: 64 });
        fill(writer);
      },
      { application: "ringcap", comment: "night" },
    );
    await sink.readCapture(await openCapture(file));
  }
  const identity = { name: "x.pcapng", bytes: 1, sha256: null, compression: null, fault: null };
  return sink.report({ created: "", ringcap: "", command: [], filter: null, files: fills.map(() => identity) });
}

const packet = (index: number, more: object = {}) => ({
  interfaceId: 0,
  timestampNanoseconds: TIME + BigInt(index) * 1_000_000n,
  data: SYN,
  ...more,
});

describe("completeness", () => {
  it("knows nothing of losses where the file says nothing", async () => {
    const { completeness, files } = await reportOf((writer) => writer.write(packet(0)));
    expect(completeness).toMatchObject({ dropped: null, sampledOut: null, heldShare: null, marks: [] });
    expect(completeness.sentences[0]).toMatch(/^Nothing says/);
    expect(files).toMatchObject([
      { application: "ringcap", comments: ["night"], packets: 1, interfaces: [{ name: "eth0" }] },
    ]);
  });

  it("sums up what packets say was lost before them, and marks the seconds", async () => {
    const { completeness } = await reportOf((writer) => {
      writer.write(packet(0));
      writer.write(packet(1, { dropCount: 3 }));
      writer.write(packet(2, { dropCount: 4 }));
      writer.write(packet(5000, { dropCount: 1 }));
    });
    expect(completeness).toMatchObject({ dropped: 8, sampledOut: null, heldShare: 4 / 12 });
    expect(completeness.marks.map(({ kind, text }) => [kind, Number.parseInt(text, 10)])).toEqual([
      ["dropped", 7],
      ["dropped", 1],
    ]);
  });

  it("says of which files nothing is known, and counts one packet in the singular", async () => {
    const { completeness } = await reportOf(
      (writer) => writer.write(packet(0, { dropCount: 1, originalLength: 1514 })),
      (writer) => writer.write(packet(1)),
      (writer) => writer.write(packet(2)),
    );
    expect(completeness.sentences).toEqual([
      "1 packet was lost while packets were captured, 25.0 % of all.",
      "2 of 3 files say nothing of losses.",
      "1 of 3 packets was cut at the snapshot length.",
    ]);
  });

  it("believes the statistics more, and tells sampling apart from losses", async () => {
    const { completeness, files } = await reportOf((writer) => {
      writer.writeStatistics(0, { time: TIME + 2_000_000_000n, comment: "one packet in 10 is recorded from here on" });
      writer.write(packet(0, { dropCount: 90 }));
      const comment = "of all interfaces: 80 sampled out, 5 beyond the rate limit, 2 beyond the wanted number";
      writer.writeStatistics(0, {
        received: 100,
        accepted: 95,
        osDropped: 6,
        interfaceDropped: 1,
        end: TIME + 9_000_000_000n,
        delivered: 1,
        comment,
      });
    });
    expect(completeness).toMatchObject({ dropped: 7, sampledOut: 80, rateLimited: 5, heldShare: 1 / 93 });
    expect(completeness.marks).toMatchObject([{ kind: "sampling", text: "one packet in 10 is recorded from here on" }]);
    expect(files[0]?.interfaces).toMatchObject([{ received: 100, osDropped: 6, dropped: 1, filterAccepted: 95 }]);
  });

  it("counts packets that are cut, earlier than the one before, or cut within a header", async () => {
    const { completeness, span } = await reportOf((writer) => {
      writer.write(packet(5));
      writer.write(packet(3, { originalLength: 1514 }));
      writer.write(packet(4, { data: SYN.subarray(0, 40), originalLength: 54 }));
    });
    expect(completeness).toMatchObject({ cutPackets: 2, cutHeaders: 1, outOfOrder: 1, withoutTime: 0 });
    expect(span?.seconds).toBeCloseTo(0.002, 9);
  });
});
