import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openCapture } from "../../../../src/pcap-parser/index.ts";
import { run } from "../../../../src/pipeline/run.ts";
import { replayFor } from "../../../../src/replay/session.ts";
import { ReportSink } from "../../../../src/report/index.ts";
import { ethernet, ipv4, tcp, udp } from "../../../support/frames.ts";
import { write } from "../../pcap-writer/pcapng/written.ts";

const TIME = 1_700_000_000_000_000_000n;

/** Two interfaces of different link types, whose packets alternate, with losses, a packet without a time, and statistics. */
function severalLinkTypes(): Buffer {
  return write((writer) => {
    writer.addInterface({ linkType: 1, name: "eth0" });
    writer.addInterface({ linkType: 101, name: "tun0" });
    for (let index = 0; index < 40; index++) {
      const packet = ipv4({ source: `20.0.0.${index}`, payload: index % 4 < 2 ? tcp() : udp() });
      const interfaceId = index % 2;
      const data = interfaceId === 0 ? ethernet({ payload: packet }) : packet;
      writer.write({ interfaceId, timestampNanoseconds: TIME + BigInt(index), data, dropCount: index === 9 ? 2 : 0 });
    }
    writer.writeBlock({
      kind: "simple-packet",
      originalLength: 54,
      data: ethernet({ payload: ipv4({ payload: tcp() }) }),
    });
    writer.writeStatistics(1, { osDropped: 3, end: TIME + 1_000n });
  });
}

it("says the same of a file of several link types, whether the parser or a replay reads it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-report-"));
  try {
    const path = join(directory, "several.pcapng");
    writeFileSync(path, severalLinkTypes());
    const identity = { name: path, bytes: 0, sha256: null, compression: null, fault: null };
    const facts = { created: "", ringcap: "", command: [], filter: null, files: [identity] };
    const [direct, replayed] = [new ReportSink(), new ReportSink()];
    await direct.readCapture(await openCapture(path));
    const session = await replayFor(replayed.needs, path, { engine: "user", snapshotLength: 0 });
    expect((await run(session, replayed)).failures).toEqual([]);
    const report = direct.report(facts);
    expect(replayed.report(facts)).toEqual(report);
    expect(report.packets).toMatchObject({ read: 41, matched: 41, ipv4: 41, malformed: 0 });
    expect(report.packets.byClass).toMatchObject({ syn: { packets: 21 }, udp: { packets: 20 } });
    expect(report.completeness).toMatchObject({ dropped: 3, withoutTime: 1 });
    expect(report.files[0]?.interfaces).toMatchObject([
      { linkTypeName: "EN10MB" },
      { linkTypeName: "RAW", osDropped: 3 },
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
