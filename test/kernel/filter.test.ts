import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import type { FilterOptions } from "../../src/filter/filter.ts";
import { ethernet, ipv4, ipv6, udp } from "../support/frames.ts";
import { behindTags, selectedByTcpdump } from "../support/judges.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { selectionsOfTshark } from "../support/tshark-selections.ts";
import { filterFrames, type NamedFrame } from "./filter-frames.ts";
import { filterRows } from "./filter-rows.ts";

/** About these ringcap differs from one of its judges; what it makes of them is in the known mixture. */
const disputed = [
  "IPv6 SYN behind 40 extension headers", // tshark follows them all
  "IPv4 header length of 16 bytes", // tcpdump looks for ports in the destination address
];
const frames = filterFrames().filter(({ name }) => !disputed.includes(name));

/** bpf_prog_test_run_skb() takes whole IP headers only, and what fits a page with its own needs. */
const refusedAtTc = ["IPv4 header cut off", "IPv6 header cut off"];
const framesForTc = frames.filter(({ name, frame }) => !refusedAtTc.includes(name) && frame.length <= 3500);

let rings: Rings;

function load(filter: FilterOptions, entryPoint: EntryPoint): CapturePrograms {
  const layout = { timeUnit: 1, withOrigin: false };
  return CapturePrograms.load(
    { ...checkOptions({ filter, bufferSize: 1 }), ...layout },
    "ethernet",
    [entryPoint],
    rings,
  );
}

/** The names of the frames that the program, run on each, counts as matched. */
function selectedByProgram(filter: FilterOptions, entryPoint: EntryPoint, from: readonly NamedFrame[]): string[] {
  using programs = load(filter, entryPoint);
  using program = programs.entryPoint(entryPoint);
  const selected: string[] = [];
  let matched = 0;
  for (const { name, frame } of from) {
    program.testRun(frame);
    const now = programs.counters().matched;
    if (now > matched) selected.push(name);
    matched = now;
  }
  expect(programs.counters().seen).toBe(from.length);
  return selected;
}

/** 50,000 networks of each IP version, every second one of its length: 16.0.0.0/24, 16.0.2.0/24, and so on. */
function manyNetworks(): { wanted: string[]; between: string[] } {
  const network = (index: number) => [
    `${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24`,
    `2001:db9:${index >> 16}:${(index & 0xffff).toString(16)}::/64`,
  ];
  const indices = Array.from({ length: 50_000 }, (_, index) => 2 * index);
  return { wanted: indices.flatMap(network), between: indices.flatMap((index) => network(index + 1)) };
}

/** A frame from the tenth address of a network. */
function frameFrom(network: string): NamedFrame {
  const source = network.replace(/0\/24$/, "10").replace("::/64", "::a");
  const payload = source.includes(":") ? ipv6({ source, payload: udp() }) : ipv4({ source, payload: udp() });
  return { name: source, frame: ethernet({ payload }) };
}

const needed = [requirements.root, requirements.bpf, requirements.tools("tcpdump", "tshark")];

function writeFrames(): string {
  const path = join(temporaryDirectory(), "frames.pcap");
  writePcap(
    path,
    frames.map(({ frame }) => ({ data: frame })),
  );
  return path;
}

const ofIpv6 = (filter: string) => `ipv6 and (${filter})`;
let tsharkAnswers: ReturnType<typeof selectionsOfTshark> | undefined;
/** The indices of the frames that the display filter selects among those of IPv6; tshark is asked once, for all rows. */
async function selectedByTshark(path: string, filter: string): Promise<number[]> {
  const filters = Object.values(filterRows).flatMap(({ tshark6 }) => (tshark6 === undefined ? [] : [ofIpv6(tshark6)]));
  tsharkAnswers ??= selectionsOfTshark(path, filters);
  const numbers = (await tsharkAnswers).get(ofIpv6(filter));
  if (numbers === undefined) throw new Error(`tshark was not asked: ${filter}`);
  return numbers.map((number) => number - 1);
}

describeWith(needed, "the filter in the kernel", () => {
  beforeAll(() => {
    rings = Rings.create(1 << 20, []);
  });
  afterAll(() => rings.close());

  test.each(Object.entries(filterRows))(
    "selects with %s what others select",
    async (_name, { filter, tcpdump, tshark6 }) => {
      const path = writeFrames();
      const [byTcpdump, byTshark] = await Promise.all([
        tcpdump === undefined ? [] : selectedByTcpdump(path, tcpdump.includes("vlan") ? tcpdump : behindTags(tcpdump)),
        tshark6 === undefined ? [] : selectedByTshark(path, tshark6),
      ]);
      const expected = new Set([...byTcpdump, ...byTshark]);
      const namesOf = (list: readonly NamedFrame[]) =>
        list.filter((named) => expected.has(frames.indexOf(named))).map(({ name }) => name);
      expect(selectedByProgram(filter, "capture_xdp", frames)).toEqual(namesOf(frames));
      expect(selectedByProgram(filter, "capture_tc_ingress", framesForTc)).toEqual(namesOf(framesForTc));
    },
  );

  test("holds 100,000 networks of a file, and takes none for its neighbour", () => {
    const path = join(temporaryDirectory(), "networks.txt");
    const { wanted, between } = manyNetworks();
    expect(new Set(wanted).size).toBe(100_000);
    writeFileSync(path, `# every second network\n${wanted.join("\n")}\n`);
    const some = (networks: readonly string[]) => networks.filter((_, index) => index % 97 === 0).map(frameFrom);
    const inside = some(wanted);
    expect(selectedByProgram({ network: `@${path}` }, "capture_xdp", [...inside, ...some(between)])).toEqual(
      inside.map(({ name }) => name),
    );
  });
});
