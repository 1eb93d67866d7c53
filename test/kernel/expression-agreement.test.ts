/** Every expression over the packets of fixtures and corpus: the compiled programs in the kernel against `tcpdump -r`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileExpression } from "../../src/filter/expression.ts";
import { ethernetExpressions, rawIpExpressions } from "../support/expressions.ts";
import { ETHERNET_PLACEMENTS, FilterVerdicts } from "../support/filter-verdicts.ts";
import { collectionKinds, collectPackets, type PacketCollection } from "../support/packet-collection.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const needed = [requirements.bpf, requirements.tools("tcpdump")];
const [ethernet, rawIp] = collectionKinds;
const ETHERNET_HEADER_LENGTH = 14;

const questions = [
  ...ETHERNET_PLACEMENTS.map((placement) => ({
    kind: ethernet,
    placement,
    // The program for egress is that for ingress without one check.
    expressions: ethernetExpressions.filter((_, index) => placement.hook !== "tc-egress" || index % 4 === 0),
  })),
  {
    kind: rawIp,
    placement: { hook: "tc-ingress", linkLayer: "ethernet", origin: ETHERNET_HEADER_LENGTH },
    expressions: rawIpExpressions,
  },
] as const;

/** Of packets about which tcpdump says the same for every expression, so many are put to the kernel. */
const ALIKE_MAX = 1;

/** Numbers, from 1, of packets that differ in what tcpdump says of them. */
function tellingPackets(count: number, verdicts: ReadonlyMap<string, readonly number[]>): Set<number> {
  const signatures = Array.from({ length: count + 1 }, (): number[] => []);
  for (const [expression, numbers] of [...verdicts.values()].entries()) {
    for (const number of numbers) signatures[number]?.push(expression);
  }
  const alike = new Map<string, number[]>();
  for (const [number, signature] of signatures.entries()) {
    const same = alike.get(signature.join()) ?? [];
    if (number > 0 && same.length < ALIKE_MAX) alike.set(signature.join(), [...same, number]);
  }
  return new Set([...alike.values()].flat());
}

/** bpf_xdp_load_bytes() reaches no further (bpf_xdp_pointer() in net/core/filter.c). */
const XDP_OFFSET_MAX = 0xffff;

/** A test run wants an Ethernet header, which the program then leaves out. */
function framed(packet: Uint8Array, origin: number): Uint8Array {
  const isIpv6 = (packet[0] ?? 0) >> 4 === 6;
  const header = Buffer.alloc(origin);
  if (origin > 0) header.writeUInt16BE(isIpv6 ? 0x86dd : 0x0800, origin - 2);
  return Buffer.concat([header, packet]);
}

describeWith(needed, "a compiled expression", () => {
  let collections: ReadonlyMap<string, { packets: PacketCollection; verdicts: ReadonlyMap<string, readonly number[]> }>;
  beforeAll(async () => {
    const entries = [ethernet, rawIp].map(async (kind) => {
      const packets = collectPackets(kind, directory);
      const expressions = kind === ethernet ? ethernetExpressions : rawIpExpressions;
      return [kind.name, { packets, verdicts: await packets.askTcpdump(expressions) }] as const;
    });
    collections = new Map(await Promise.all(entries));
  });

  test.each(questions)(
    "chooses the packets of $kind.name that tcpdump chooses, at $placement.hook",
    ({ kind, placement, expressions }) => {
      const collection = collections.get(kind.name);
      if (collection === undefined) throw new Error(`there are no packets of ${kind.name}`);
      const { packets } = collection.packets;
      const telling = tellingPackets(packets.length, collection.verdicts);
      const asked = packets.flatMap((packet, index) => {
        const isBeyondReach = placement.hook === "xdp" && packet.data.length > XDP_OFFSET_MAX;
        return telling.has(index + 1) && !isBeyondReach ? [{ ...packet, number: index + 1 }] : [];
      });
      const frames = asked.map(({ data }) => framed(data, placement.origin));
      using verdicts = new FilterVerdicts(placement);
      let compared = 0;
      for (const text of expressions) {
        const { program } = compileExpression(text, kind.linkType);
        const chosen = new Set(collection.verdicts.get(text));
        const asksLength = program.some((step) => step.kind === "load-length");
        const different = verdicts.of(program, frames).flatMap((verdict, index) => {
          const packet = asked[index];
          // In a test run, a packet is as long as its bytes.
          const isCut = packet?.originalLength !== undefined && packet.originalLength !== packet.data.length;
          if (packet === undefined || verdict === undefined || (asksLength && isCut)) return [];
          if (collection.packets.mayDiffer(text, packet)) return [];
          compared++;
          return verdict === chosen.has(packet.number) ? [] : [packet.origin];
        });
        expect(different, text).toEqual([]);
      }
      expect(compared).toBeGreaterThan(0.9 * frames.length * expressions.length);
    },
  );
});
