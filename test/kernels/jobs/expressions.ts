/** Expressions compiled to eBPF: the verifier takes each, and each decides as the interpreter of classic BPF does. */
import { deepEqual } from "node:assert/strict";
import { decode } from "../../../src/filter/classic/decode.ts";
import type { Program } from "../../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../../src/filter/classic/interpreter.ts";
import { compileExpression } from "../../../src/filter/expression.ts";
import { ethernetExpressions, rawIpExpressions } from "../../support/expressions.ts";
import { ETHERNET_PLACEMENTS, FilterVerdicts } from "../../support/filter-verdicts.ts";
import { knownMixture } from "../../support/known-mixture.ts";
import { largestPrograms } from "../../support/largest-programs.ts";
import { randomPackets } from "../../support/random-classic.ts";
import type { Job } from "../lib/job.ts";

/** LINKTYPE_ numbers. */
const ETHERNET = 1;
const RAW_IP = 101;
const ETHERNET_HEADER_LENGTH = 14;
/** Bytes of an Ethernet and an IPv6 header: test runs at TC refuse what is cut off in them. */
const LENGTH_MIN = 54;
/** Of so many expressions one is tried where not all are. */
const SHARE = 8;

const RAW_IP_PLACEMENT = { hook: "tc-ingress", linkLayer: "ethernet", origin: ETHERNET_HEADER_LENGTH } as const;

export const expressions: Job = {
  name: "expressions",
  async run(checks, { all }) {
    const frames = knownMixture()
      .map(({ frame }) => frame)
      .filter((frame, index) => index % 5 === 0 && frame.length >= LENGTH_MIN);
    const chosen = (texts: readonly string[]) => texts.filter((_, index) => all || index % SHARE === 0);
    for (const placement of ETHERNET_PLACEMENTS) {
      using verdicts = new FilterVerdicts(placement);
      for (const text of chosen(ethernetExpressions)) {
        await checks.check(`${placement.hook}: ${text}`, () => {
          const { program } = compileExpression(text, ETHERNET);
          deepEqual(verdicts.of(program, frames), interpreted(program, frames));
        });
      }
    }
    using verdicts = new FilterVerdicts(RAW_IP_PLACEMENT);
    const ofIp = frames.filter((frame) => [0x0800, 0x86dd].includes(((frame[12] ?? 0) << 8) | (frame[13] ?? 0)));
    for (const text of chosen(rawIpExpressions)) {
      await checks.check(`raw IP: ${text}`, () => {
        const { program } = compileExpression(text, RAW_IP);
        const packets = ofIp.map((frame) => frame.subarray(ETHERNET_HEADER_LENGTH));
        deepEqual(verdicts.of(program, ofIp), interpreted(program, packets));
      });
    }
  },
};

export const largest: Job = {
  name: "4,096 instructions",
  async run(checks, { all }) {
    const packets = randomPackets(23, 10);
    for (const [name, raw] of largestPrograms) {
      if (!all && !USUAL.includes(name)) continue;
      for (const placement of ETHERNET_PLACEMENTS.slice(0, 2)) {
        await checks.check(`${placement.hook}: ${name}`, () => {
          const program = decode(raw);
          using verdicts = new FilterVerdicts(placement);
          deepEqual(verdicts.of(program, packets), interpreted(program, packets));
        });
      }
    }
  },
};

/** Those that take the verifier least and most. */
const USUAL: readonly string[] = ["loads", "scratch words that differ by the path"];

function interpreted(program: Program, packets: readonly Uint8Array[]): boolean[] {
  const interpreter = new Interpreter(program);
  return packets.map((packet) => interpreter.run(packet, 0, packet.length, packet.length) !== 0);
}
