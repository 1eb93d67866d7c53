import { describe, expect, it } from "vitest";
import { concatenate, ethernet, ipv4, ipv6, tcp, tcpOption, zeros } from "../../../support/frames.ts";
import { random } from "../../../support/random.ts";
import { ETHERNET_KINDS } from "../../../support/syn-kinds.ts";
import { reported } from "./reported.ts";

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

describe("headers that are cut or wrong", () => {
  const [linux] = ETHERNET_KINDS;
  const whole = linux?.frame(1) ?? zeros(0);
  const OPTIONS = 14 + 20 + 20;

  it.each([
    [OPTIONS, ""],
    [OPTIONS + 3, ""],
    [OPTIONS + 4, "mss"],
    [OPTIONS + 15, "mss,sok"],
    [OPTIONS + 16, "mss,sok,ts"],
    [OPTIONS + 19, "mss,sok,ts,nop"],
  ])("tells what %i captured bytes have, and has no filter for it", (length, names) => {
    const options = names === "" ? "?" : `${names},?`;
    const mss = names === "" ? 0 : 1460;
    const report = reported([{ data: whole.slice(0, length), originalLength: whole.length }]);
    expect(report).toMatchObject({ packets: 1, unreadable: 0 });
    expect(report.entries[0]).toMatchObject({
      tuple: `4:64:0:${mss}:64240,0:${options}:df,id+:0`,
      fields: { isCut: true, window: 64_240 },
      filters: null,
    });
  });

  it("counts SYNs of which a tuple cannot be told, and leaves them out", () => {
    const short = whole.slice(0, OPTIONS - 1);
    const shortOffset = Uint8Array.from(whole);
    shortOffset[14 + 20 + 12] = 0x40;
    const longOffset = Uint8Array.from(whole);
    longOffset[14 + 20 + 12] = 0xf0;
    const noLength = Uint8Array.from(whole);
    noLength.set([0, 0], 14 + 2);
    const packets = [
      { data: short, originalLength: whole.length },
      ...[shortOffset, longOffset, noLength].map((data) => ({ data })),
    ];
    expect(reported(packets)).toMatchObject({ packets: 4, unreadable: 4, distinct: 0, entries: [] });
  });

  it("has no filter for what stands behind PPPoE, MPLS, SNAP, three tags or two extension headers", () => {
    const packet = ipv4({ identification: 1, payload: tcp() });
    const frames = [
      ethernet({ etherType: 0x8864, payload: concatenate([0x11, 0, 0, 1, 0, 42, 0, 0x21], packet) }),
      ethernet({ etherType: 0x8847, payload: concatenate([0, 0, 0x11, 64], packet) }),
      ethernet({ etherType: "length", payload: concatenate([0xaa, 0xaa, 3, 0, 0, 0, 8, 0], packet) }),
      ethernet({ vlans: [{ id: 1 }, { id: 2 }, { id: 3 }], payload: packet }),
    ];
    for (const data of frames) {
      const [entry] = reported([{ data }]).entries;
      expect(entry).toMatchObject({ packets: 1, filters: null, fields: { vlanTags: null } });
    }
    const padding = { protocol: 60, build: (next: number) => concatenate([next, 0, 1, 4], zeros(4)) };
    const [entry] = reported([
      { data: ethernet({ payload: ipv6({ extensions: [padding, padding], payload: tcp() }) }) },
    ]).entries;
    expect(entry).toMatchObject({ tuple: "6:64:8:0:64240,0::seq-:0", filters: null });
  });

  it("takes any bytes for options, whatever they were captured of", () => {
    const next = random(7);
    const below = (limit: number) => Math.floor(next() * limit);
    const packets = Array.from({ length: 20_000 }, () => {
      const options = Array.from({ length: 4 * below(11) }, () => (below(2) === 0 ? below(9) : below(256)));
      const frame = ethernet({ payload: ipv4({ payload: tcp({ options }) }) });
      return { data: frame.slice(0, frame.length - below(3) * below(30)), originalLength: frame.length };
    });
    const report = reported(packets, 100_000);
    expect(report.packets).toBeGreaterThan(10_000);
    expect(report.entries.reduce((sum, { packets: count }) => sum + count, report.unreadable)).toBe(report.packets);
  });
});

describe("options that came before", () => {
  const { maximumSegmentSize: mss, noOperation: nop, windowScale: scale, timestamps } = tcpOption;
  const frame = (options: readonly number[]) => ({
    data: ethernet({ payload: ipv4({ payload: tcp({ options, sequence: 1 }) }) }),
  });
  const tuples = (...options: (readonly number[])[]) =>
    reported(options.map(frame))
      .entries.map(({ tuple, packets }) => `${tuple.split(":").slice(3, 7).join(":")} ${packets}`)
      .sort();

  it("tells values apart, and layouts of one length", () => {
    const first = [...mss(1460), ...nop, ...scale(7)];
    const other = [...mss(1460), ...scale(7), ...nop];
    expect(
      tuples(first, [...mss(1400), ...nop, ...scale(7)], [...mss(1460), ...nop, ...scale(8)], other, first),
    ).toEqual([
      "1400:64240,7:mss,nop,ws:id- 1",
      "1460:64240,7:mss,nop,ws:id- 2",
      "1460:64240,7:mss,ws,nop:id- 1",
      "1460:64240,8:mss,nop,ws:id- 1",
    ]);
  });

  it("tells timestamps of 0 from others, and the first of two values from the second", () => {
    const times = (value: number, echo = 0) => [...nop, ...nop, ...timestamps(value, echo)];
    expect(tuples(times(1), times(2), times(0), times(3, 1), times(0, 5))).toEqual([
      "0:64240,0:nop,nop,ts:id- 2",
      "0:64240,0:nop,nop,ts:id-,ts1- 1",
      "0:64240,0:nop,nop,ts:id-,ts1-,ts2+ 1",
      "0:64240,0:nop,nop,ts:id-,ts2+ 1",
    ]);
    expect(tuples([...mss(1), ...mss(2)], [...mss(3), ...mss(2)], [...mss(1), ...mss(2)])).toHaveLength(2);
  });

  it("tells bytes behind the end from zeros", () => {
    expect(tuples([0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 9, 0, 0])).toEqual([
      "0:64240,0:eol+3:id- 2",
      "0:64240,0:eol+3:id-,opt+ 2",
    ]);
  });
});
