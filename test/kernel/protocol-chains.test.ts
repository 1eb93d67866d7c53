/** `protochain` over generated chains of headers, in the kernel and on the host, against `tcpdump -r`. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { SeededRandom } from "../../scripts/fixtures/random.ts";
import type { Program } from "../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../src/filter/classic/interpreter.ts";
import { CHAIN_LENGTH_MAX } from "../../src/filter/classic/unroll-loops.ts";
import { compileExpression } from "../../src/filter/expression.ts";
import { matchedByTcpdump, writeNumbered } from "../support/agreement.ts";
import { ETHERNET_PLACEMENTS, FilterVerdicts } from "../support/filter-verdicts.ts";
import {
  authentication,
  destinationOptions,
  type ExtensionHeader,
  ethernet,
  fragment,
  hopByHop,
  icmp6,
  ipv4,
  ipv6,
  raw,
  routing,
  type Segment,
  tcp,
  udp,
} from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const PROTOCOLS = [0, 6, 17, 43, 44, 50, 51, 58, 59, 60];
const EXPRESSIONS = [
  ...PROTOCOLS.flatMap((protocol) => ["ip6", "ip", ""].map((version) => `${version} protochain ${protocol}`.trim())),
  ...["not protochain 17", "ip6 protochain 6 or udp", "protochain 44 and protochain 17", "protochain 6 and not tcp"],
];

const encapsulated = raw(50, new Uint8Array(40));
const nothing = raw(59, new Uint8Array(0));
const PAYLOADS: readonly (() => Segment)[] = [tcp, udp, () => icmp6({ type: 128 }), () => encapsulated, () => nothing];
const HEADERS: readonly (() => ExtensionHeader)[] = [
  ...[hopByHop, destinationOptions, routing, fragment, authentication],
  () => destinationOptions(new Uint8Array(70)),
  () => routing(["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
];

/** An IPv4 payload behind authentication headers. */
function authenticated(payload: Segment, headers: number): Segment {
  if (headers === 0) return payload;
  const { protocol, build } = authentication();
  const inner = authenticated(payload, headers - 1);
  return { protocol, build: (addresses) => Buffer.concat([build(inner.protocol), inner.build(addresses)]) };
}

function randomFrames(count: number): Uint8Array[] {
  const random = new SeededRandom(7);
  return Array.from({ length: count }, () => {
    const payload = random.pick(PAYLOADS)();
    const headers = Array.from({ length: random.below(CHAIN_LENGTH_MAX + 1) }, () => random.pick(HEADERS)());
    const isIpv6 = random.below(5) > 0;
    const packet = isIpv6
      ? ipv6({ extensions: headers, payload })
      : ipv4({ payload: authenticated(payload, random.below(4)) });
    const frame = ethernet({ payload: packet });
    // Some end in the midst of the chain.
    return random.below(4) === 0 ? frame.subarray(0, Math.max(60, random.below(frame.length))) : frame;
  });
}

/** What each executor says, by its name. */
function verdictsOf(program: Program, frames: readonly Uint8Array[]): Map<string, (boolean | undefined)[]> {
  const interpreter = new Interpreter(program);
  const onHost = frames.map((frame) => interpreter.run(frame, 0, frame.length, frame.length) !== 0);
  const inKernel = ETHERNET_PLACEMENTS.map((placement) => {
    using verdicts = new FilterVerdicts(placement);
    return [placement.hook as string, verdicts.of(program, frames)] as const;
  });
  return new Map([["host", onHost], ...inKernel]);
}

describeWith([requirements.bpf, requirements.tools("tcpdump")], "protochain", () => {
  test("chooses the packets that tcpdump chooses, at every hook and on the host", async () => {
    const frames = randomFrames(300);
    const path = join(temporaryDirectory(), "chains.pcap");
    const packets = frames.map((data, index) => ({ data, origin: `frame ${index + 1}` }));
    writeNumbered(path, packets, 1);
    for (const text of EXPRESSIONS) {
      const kept = new Set(await matchedByTcpdump(path, text));
      const expected = frames.map((_, index) => kept.has(index + 1));
      for (const [executor, verdicts] of verdictsOf(compileExpression(text, 1).program, frames)) {
        expect(verdicts, `${text} at ${executor}`).toEqual(expected);
      }
    }
    const chosen = await matchedByTcpdump(path, "ip6 protochain 6 and not ip6 proto 6");
    expect(chosen.length).toBeGreaterThan(5);
  });

  const chain = (length: number) => Array.from({ length }, () => destinationOptions());
  const chainOf = (length: number) => ethernet({ payload: ipv6({ extensions: chain(length), payload: tcp() }) });

  test.each(["ip6 protochain 6", "protochain 6", "not ip6 protochain 17"])(
    `matches behind ${CHAIN_LENGTH_MAX} headers and not behind more, at every hook and on the host: %s`,
    (text) => {
      const frames = [chainOf(CHAIN_LENGTH_MAX), chainOf(CHAIN_LENGTH_MAX + 1), chainOf(100)];
      for (const [executor, verdicts] of verdictsOf(compileExpression(text, 1).program, frames)) {
        expect(verdicts, executor).toEqual([true, false, false]);
      }
    },
  );

  test("ends for a packet that leads libpcap round and round, and does not match it", () => {
    // libpcap goes on at (length + 2) * 4 from the beginning, which is this header again.
    const roundAndRound = (offset: number): Segment =>
      raw(51, Uint8Array.from([51, offset / 4 - 2, ...new Uint8Array(40)]));
    const frames = [
      ethernet({ payload: ipv4({ payload: roundAndRound(20) }) }),
      ethernet({ payload: ipv6({ payload: roundAndRound(40) }) }),
    ];
    for (const text of ["protochain 6", "not protochain 6"]) {
      for (const [executor, verdicts] of verdictsOf(compileExpression(text, 1).program, frames)) {
        expect(verdicts, executor).toEqual([false, false]);
      }
    }
  });
});
