import { describe, expect, it } from "vitest";
import { Fingerprints } from "../../../../src/report/fingerprints/fingerprints.ts";
import { ETHERNET_KINDS } from "../../../support/syn-kinds.ts";
import { eachColumns, type TestPacket } from "../columns.ts";

function reported(packets: readonly TestPacket[], most?: number) {
  const fingerprints = new Fingerprints();
  eachColumns(packets, (columns) => fingerprints.add(columns));
  return fingerprints.report(most);
}

describe("tuples", () => {
  it.each(ETHERNET_KINDS.filter(({ tuple }) => tuple !== null))("$tuple", ({ tuple, label, frame }) => {
    const packets = Array.from({ length: 12 }, (_, number) => ({ data: frame(number) }));
    const report = reported(packets);
    expect(report.entries.map((entry) => [entry.tuple, entry.packets])).toEqual([[tuple, 12]]);
    if (label !== undefined) expect(report.entries[0]?.label).toBe(label);
    expect(report).toMatchObject({ packets: 12, unreadable: 0, distinct: 1, isExact: true });
  });

  it("leaves out what is no SYN", () => {
    const packets = ETHERNET_KINDS.filter(({ tuple }) => tuple === null).map(({ frame }) => ({ data: frame(1) }));
    expect(reported(packets)).toMatchObject({ packets: 0, distinct: 0, entries: [] });
  });
});
