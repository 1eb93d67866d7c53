import { expect, test } from "vitest";
import { type AncillaryField, type Program, SCRATCH_WORDS } from "../../src/filter/classic/instruction.ts";
import { compileToEbpf } from "../../src/filter/ebpf/compile.ts";
import { FilterProgram } from "../../src/filter/ebpf/filter-program.ts";
import { CAPTURE_COUNTERS, SKB_CONTEXT } from "../../src/generated/layouts.ts";
import { countersMap, PERCPU_ARRAY } from "../support/counters-map.ts";
import { concatenate, ethernet, etherTypes, ipv4, tcp, u16 } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runSession } from "../support/session-script.ts";

const frame = ethernet({ payload: ipv4({ payload: tcp() }) });

/** Whether a field has a value; the classic program is what a filter of a socket would be. */
const asks = (field: AncillaryField, value: number): Program => [
  { kind: "load-ancillary", field },
  { kind: "branch", comparison: "equal", operand: value, skipTrue: 0, skipFalse: 1 },
  { kind: "return", value: 1 },
  { kind: "return", value: 0 },
];

describeWith(requirements.bpf, "a load of what lies beside a packet", () => {
  /** Packets that went on. A program without a next one counts them as matched. */
  function matched(program: Program, hook: "xdp" | "tc-ingress" | "tc-egress", context?: Uint8Array): number {
    using counters = countersMap();
    using filter = FilterProgram.load(program, { hook, linkLayer: "ethernet", origin: 0 }, counters, undefined);
    filter.program.testRun(frame, context === undefined ? {} : { context });
    const values = counters.lookup(new Uint8Array(4)) ?? new Uint8Array();
    const words = new BigUint64Array(values.buffer, values.byteOffset, values.byteLength / 8);
    const step = CAPTURE_COUNTERS.size / 8;
    return words.reduce(
      (sum, word, index) => sum + (index % step === CAPTURE_COUNTERS.matched / 8 ? Number(word) : 0),
      0,
    );
  }

  test("has at TC the value that is in the socket buffer", () => {
    const context = new Uint8Array(192);
    new Uint32Array(context.buffer)[SKB_CONTEXT.mark / 4] = 77;
    expect(matched(asks("mark", 77), "tc-ingress", context)).toBe(1);
    expect(matched(asks("mark", 78), "tc-ingress", context)).toBe(0);
    expect(matched(asks("protocol", 0x0800), "tc-ingress")).toBe(1);
    // PACKET_OTHERHOST of linux/if_packet.h, as the frame is not for the address of a test run; PACKET_OUTGOING.
    expect(matched(asks("pkttype", 3), "tc-ingress")).toBe(1);
    expect(matched(asks("pkttype", 4), "tc-egress")).toBe(1);
    expect(matched(asks("vlan-tag-present", 0), "tc-ingress")).toBe(1);
  });

  test("that needs a helper works beside loads from the packet", () => {
    const program: Program = [
      { kind: "load-ancillary", field: "random" },
      { kind: "store-scratch", register: "A", word: SCRATCH_WORDS - 1 },
      { kind: "load-packet", size: 2, offset: 12, indexed: false },
      { kind: "branch", comparison: "equal", operand: 0x0800, skipTrue: 0, skipFalse: 1 },
      { kind: "return", value: 1 },
      { kind: "return", value: 0 },
    ];
    for (const hook of ["xdp", "tc-ingress"] as const) expect(matched(program, hook), hook).toBe(1);
  });

  test("is refused at XDP by name where there is no socket buffer", () => {
    const placement = { hook: "xdp", linkLayer: "ethernet", origin: 0 } as const;
    expect(() => compileToEbpf(asks("pkttype", 4), placement)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: expect.stringContaining("cannot be told at XDP"),
        hint: 'use `hook: "tc"`',
      }),
    );
    expect(() => compileToEbpf(asks("nlattr", 4), { ...placement, hook: "tc-ingress" })).toThrow(
      "cannot be told at TC",
    );
  });
});

describeWith(
  [requirements.bpf, requirements.root, requirements.namespaces, requirements.tools("ip", "tcpreplay")],
  "a program that knows of tags beside the bytes",
  () => {
    test("reads the tag there, and the bytes without it", async () => {
      await using network = await TestNetwork.create();
      const modules = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
      // Matches tag 5 beside a frame whose bytes go on with IPv4.
      const text = `
      const { FilterProgram } = await import(${modules("filter/ebpf/filter-program.js")});
      const { addon } = await import(${modules("native/addon.js")});
      const { BpfMap } = await import(${modules("native/map.js")});
      const { attach } = await import(${modules("capture/attach.js")});
      const { Placeholders } = await import(${modules("capture/placeholders.js")});
      const { listInterfaces } = await import(${modules("native/system.js")});
      const { CAPTURE_COUNTERS: layout } = await import(${modules("generated/layouts.js")});
      const branch = (operand, skipFalse) => ({ kind: "branch", comparison: "equal", operand, skipTrue: 0, skipFalse });
      const program = [
        { kind: "load-ancillary", field: "vlan-tag-present" }, branch(1, 8),
        { kind: "load-ancillary", field: "vlan-tag" },
        { kind: "alu", operator: "and", operand: 0xfff }, branch(5, 5),
        { kind: "load-ancillary", field: "vlan-tpid" }, branch(0x8100, 3),
        { kind: "load-packet", size: 2, offset: 12, indexed: false }, branch(0x0800, 1),
        { kind: "return", value: 1 }, { kind: "return", value: 0 },
      ];
      const counters = new BpfMap(addon().createMap(${PERCPU_ARRAY}, 4, layout.size, 1, 0, "counters"));
      const filter = FilterProgram.load(program, { hook: "tc-ingress", linkLayer: "ethernet", origin: 0 }, counters, undefined);
      const placeholders = new Placeholders();
      // As a capture is attached: by TCX, or on kernels before 6.6 by a filter of clsact.
      const attachment = attach(listInterfaces().find(({ name }) => name === "v0"), ["tc"], {
        settings: { action: "pass", direction: "in", onNote: () => {}, onDetail: () => {} },
        programsFor: () => ({ entryPoint: () => filter.program }),
        placeholders: () => placeholders,
      });
      await ready();
      const values = counters.lookup(new Uint8Array(4));
      const words = new BigUint64Array(values.buffer, values.byteOffset, values.byteLength / 8);
      const sum = (field) => words.reduce((total, word, i) => total + (i % (layout.size / 8) === field / 8 ? Number(word) : 0), 0);
      answer({ seen: sum(layout.seen), matched: sum(layout.matched) });
      for (const each of [...attachment.links, placeholders, filter, counters]) each.close();`;
      const tagged = [5, 5, 6].map((id) =>
        concatenate(frame.subarray(0, 12), u16(etherTypes.customerTag), u16(id), frame.subarray(12)),
      );
      // The kernel takes tags out of what it receives before it shows it to TC.
      expect(await runSession(network, "b", text, () => network.sendFrames([...tagged, frame]))).toEqual({
        seen: 4,
        matched: 2,
      });
    });
  },
);
