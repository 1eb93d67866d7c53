/** The program for packet sockets against bpf/filter/filter.h, which decides about all that the program does not. */
import { expect, test } from "vitest";
import { decode } from "../../src/filter/classic/decode.ts";
import { bytesOf, instructionsOf } from "../../src/filter/classic/encoding.ts";
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../src/filter/classic/interpreter.ts";
import { compileFilter, type FilterOptions } from "../../src/filter/filter.ts";
import { socketProgram } from "../../src/filter/socket/program.ts";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { HostFilter } from "../../src/native/host-filter.ts";
import { filterFrames } from "../kernel/filter-frames.ts";
import { filterRows } from "../kernel/filter-rows.ts";
import { ethernet, ipv4, ipv6, tcp, udp } from "../support/frames.ts";

const DECIDED = 96;
const HEADER = BATCH_RECORD.size;
/** SKF_AD_OFF plus SKF_AD_PKTTYPE, SKF_AD_VLAN_TAG and SKF_AD_VLAN_TAG_PRESENT of linux/filter.h. */
const BESIDE = { type: 0xffff_f004, tag: 0xffff_f02c, tagPresent: 0xffff_f030 };
const LOAD_ABSOLUTE = 0x20;
const LOAD_IMMEDIATE = 0x00;

type Verdict = "accepted" | "rejected" | "undecided";

/** The program as it runs for a packet with this type and tag beside it. */
function interpreterFor(
  program: readonly RawInstruction[],
  beside: { type: number; tag: number | undefined },
): Interpreter {
  const values = new Map([
    [BESIDE.type, beside.type],
    [BESIDE.tag, beside.tag ?? 0],
    [BESIDE.tagPresent, beside.tag === undefined ? 0 : 1],
  ]);
  const known = program.map((instruction) => {
    const value = values.get(instruction.k);
    return instruction.code === LOAD_ABSOLUTE && value !== undefined
      ? { ...instruction, code: LOAD_IMMEDIATE, k: value }
      : instruction;
  });
  return new Interpreter(decode(known));
}

function verdictOf(interpreter: Interpreter, frame: Uint8Array): Verdict {
  const kept = interpreter.run(frame, 0, frame.length, frame.length);
  if (kept === 0) return "rejected";
  return kept === DECIDED ? "accepted" : "undecided";
}

function programOf(filter: FilterOptions, linkLayer: "ethernet" | "none" = "ethernet"): RawInstruction[] {
  return socketProgram({ way: "in", filter: compileFilter(filter), linkLayer, decidedLength: DECIDED });
}

function hostVerdicts(filter: FilterOptions, frames: readonly Uint8Array[], linkType = 1): boolean[] {
  const { bytes, networkKeys } = compileFilter(filter);
  const records = frames.map((frame) => {
    const record = Buffer.alloc(HEADER + ((frame.length + 7) & ~7));
    record.writeUInt32LE(frame.length, 8);
    record.set(frame, HEADER);
    return record;
  });
  const verdicts = new Uint8Array(frames.length);
  new HostFilter(bytes, networkKeys, linkType).match(new Uint8Array(Buffer.concat(records)), frames.length, verdicts);
  return Array.from(verdicts, (verdict) => verdict === 1);
}

const typeOf = (frame: Uint8Array) => Buffer.from(frame).readUInt16BE(12);
const isTagged = (frame: Uint8Array) => frame.length >= 18 && [0x8100, 0x88a8, 0x9100].includes(typeOf(frame));

const whole = filterFrames().map(({ frame }) => frame);

/** Those that the program decides otherwise than bpf/filter/filter.h. */
function differences(interpreter: Interpreter, frames: readonly Uint8Array[], expected: readonly boolean[]): string[] {
  return frames.flatMap((frame, index) => {
    const verdict = verdictOf(interpreter, frame);
    if (verdict === "undecided" || (verdict === "accepted") === expected[index]) return [];
    return [`${verdict}: ${Buffer.from(frame).toString("hex")}`];
  });
}

/** What the rows do not ask: long ids, and prefixes that an address which is cut off may be under. */
const further: Readonly<Record<string, { filter: FilterOptions }>> = {
  "--vlan 261": { filter: { vlan: 261 } },
  "networks of several lengths": {
    filter: { sourceNetwork: "2001:db8::1/128,2001:db8::/32", destinationNetwork: "::/0,0.0.0.0/0" },
  },
};
const tags = [5, 261].map((id) => ethernet({ vlans: [{ id }], payload: ipv4({ payload: tcp() }) }));
/** Every frame, and each cut off at every length up to the end of its headers, as frames of their own. */
const frames = [...whole, ...tags].flatMap((frame) => [
  frame,
  ...Array.from({ length: Math.min(frame.length, 90) }, (_, length) => frame.subarray(0, length)),
]);

test.each(Object.entries({ ...filterRows, ...further }))(
  "%s never differs from bpf/filter/filter.h",
  (_name, { filter }) => {
    const program = programOf(filter);
    const expected = hostVerdicts(filter, frames);
    expect(differences(interpreterFor(program, { type: 0, tag: undefined }), frames, expected)).toEqual([]);
    // The kernel takes the outer tag out of what comes in.
    const tagsBeside = frames.flatMap((frame, index) => {
      if (!isTagged(frame)) return [];
      const untagged = Buffer.concat([frame.subarray(0, 12), frame.subarray(16)]);
      const interpreter = interpreterFor(program, { type: 0, tag: Buffer.from(frame).readUInt16BE(14) });
      return differences(interpreter, [untagged], [expected[index] === true]);
    });
    expect(tagsBeside).toEqual([]);
  },
);

test("frames without tags and extension headers are decided about", () => {
  const decided = [
    ethernet({ payload: ipv4({ payload: tcp({ flags: ["syn"] }) }) }),
    ethernet({ payload: ipv4({ payload: tcp({ flags: ["ack"] }) }) }),
    ethernet({ payload: ipv4({ payload: udp() }) }),
    ethernet({ payload: ipv6({ payload: tcp({ flags: ["syn"] }) }) }),
    ethernet({ payload: ipv6({ payload: udp() }) }),
  ];
  const filter = { port: "80", tcpFlags: "syn,!ack" };
  const interpreter = interpreterFor(programOf(filter), { type: 0, tag: undefined });
  const verdicts = decided.map((frame) => verdictOf(interpreter, frame));
  expect(verdicts).not.toContain("undecided");
  expect(verdicts.map((verdict) => verdict === "accepted")).toEqual(hostVerdicts(filter, decided));
  expect(verdicts).toContain("accepted");
});

test("packets without a link layer are judged by their version", () => {
  const packets = whole.filter((frame) => !isTagged(frame)).map((frame) => frame.subarray(14));
  for (const filter of [
    { port: 80 },
    { protocol: "udp" },
    { network: "192.0.2.0/24" },
    { ipVersion: 6 as const },
    { vlan: 1 },
  ]) {
    const interpreter = interpreterFor(programOf(filter, "none"), { type: 0, tag: undefined });
    const expected = hostVerdicts(filter, packets, 101);
    expect(differences(interpreter, packets, expected)).toEqual([]);
  }
});

test("each way takes its own packets only", () => {
  const [OUTGOING, HOST, OTHER_HOST] = [4, 0, 3];
  const frame = ethernet({ payload: ipv4({ payload: tcp() }) });
  const verdicts = (way: "in" | "out") => {
    const program = socketProgram({ way, filter: compileFilter({}), linkLayer: "ethernet", decidedLength: DECIDED });
    return [OUTGOING, HOST, OTHER_HOST].map((type) =>
      verdictOf(interpreterFor(program, { type, tag: undefined }), frame),
    );
  };
  expect(verdicts("in")).toEqual(["rejected", "accepted", "accepted"]);
  expect(verdicts("out")).toEqual(["accepted", "rejected", "rejected"]);
});

test("lists that are too long for a program leave the decision to the host", () => {
  const filter = { port: Array.from({ length: 100 }, (_, index) => 2 * index), protocol: "tcp" };
  const interpreter = interpreterFor(programOf(filter), { type: 0, tag: undefined });
  const verdict = (payload: ReturnType<typeof tcp>) => verdictOf(interpreter, ethernet({ payload: ipv4({ payload }) }));
  expect(programOf(filter).length).toBeLessThan(100);
  expect(verdict(tcp({ destinationPort: 8, sourcePort: 1 }))).toBe("undecided");
  expect(verdict(tcp({ destinationPort: 9, sourcePort: 1 }))).toBe("undecided");
});

test("programs are encoded as the kernel has them", () => {
  const program = programOf({ port: 80, host: "192.0.2.1", vlan: 4 });
  expect(instructionsOf(bytesOf(program))).toEqual(program);
});
