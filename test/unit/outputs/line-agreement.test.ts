/**
 * Packet lines beside `tcpdump -n`. The corpus is no part of the project: RINGCAP_CORPUS names the folder that has it in
 * pcap/ and pcapng/. The project's own fixtures are compared wherever tcpdump is.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PacketLineOptions } from "../../../src/outputs/lines/packet-line.ts";
import { corpus, fixtures } from "../../support/agreement.ts";
import {
  compareLines,
  factsOf,
  type LineInput,
  type LinePair,
  prepareLines,
  shareOf,
} from "../../support/line-agreement.ts";

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "ringcap-lines-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** The first few that differ, for the message of a failure. */
function differences(pairs: readonly LinePair[]): string {
  const different = pairs.filter(({ tcpdump, ours }) => tcpdump !== ours).slice(0, 5);
  return different.map(({ origin, tcpdump, ours }) => `${origin}\n  tcpdump ${tcpdump}\n  ours    ${ours}`).join("\n");
}

/** A length of 0 in the IP header is the kernel's, of what it has yet to segment: tcpdump shows nothing behind it. */
function hasNoLength({ tcpdump }: LinePair): boolean {
  return /bad-len 0|^IP6 [^ ]+ > [^ ]+: +(\[\|(tcp|udp)\]|ICMP6, length 0 \(invalid\))$/.test(tcpdump);
}

describe.skipIf(!existsSync(corpus))("lines of a corpus of captures (RINGCAP_CORPUS)", () => {
  let pairs: LinePair[] = [];
  beforeAll(() => {
    const inputs = prepareLines([join(corpus, "pcap"), join(corpus, "pcapng")], scratch, true);
    pairs = inputs.flatMap((input) => compareLines(input, "t", {}));
  });

  it.each([
    ["tcp", 0.97],
    ["udp", 0.9],
    ["icmp", 0.97],
    ["arp", 0.99],
    ["dns", 0.95],
    ["dhcp", 0.97],
    ["dhcpv6", 0.95],
    ["icmpv6", 0.9],
    ["igmp", 0.9],
    ["stp", 0.98],
    ["lldp", 0.98],
    ["sctp", 0.95],
    ["radiotap", 0.95],
  ])("of %s are those of tcpdump, in %f or more", (protocol, least) => {
    const chosen = pairs.filter(({ protocols }) => protocols.includes(protocol));
    const { share, count } = shareOf(chosen);
    expect(count, "packets of it").toBeGreaterThan(20);
    expect(share, differences(chosen)).toBeGreaterThanOrEqual(least);
  });

  // Of Ethernet there are many protocols that lines do not decode: IS-IS, DECnet, IPX, GeoNetworking.
  it.each([
    [0, 0.98],
    [1, 0.88],
    [9, 0.95],
    [101, 0.98],
    [105, 0.95],
    [113, 0.95],
    [127, 0.95],
    [228, 0.6],
    [242, 0.95],
  ])("of link type %i are those of tcpdump, in %f or more", (linkType, least) => {
    const chosen = pairs.filter((pair) => pair.linkType === linkType && !hasNoLength(pair));
    const { share, count } = shareOf(chosen);
    expect(count).toBeGreaterThan(0);
    expect(share, differences(chosen)).toBeGreaterThanOrEqual(least);
  });

  it("never have another address, port or flag", () => {
    const wrong = pairs.filter((pair) => {
      if (hasNoLength(pair)) return false;
      const [theirs, ours] = [factsOf(pair.tcpdump), factsOf(pair.ours)];
      // What only one of the two decodes is another matter.
      const differ = theirs.ends !== undefined && ours.ends !== undefined && theirs.ends !== ours.ends;
      return differ || (theirs.ends !== undefined && theirs.flags !== ours.flags);
    });
    expect(wrong.length, differences(wrong)).toBe(0);
  });

  it("have nothing of packets but printable text, and rows that begin with a blank", () => {
    const unsafe = pairs.filter(({ ours }) => !/^[\x20-\x7e]*(\n[\t ][\x20-\x7e\t]*)*$/.test(ours));
    expect(unsafe.map(({ origin, ours }) => `${origin} ${ours}`)).toEqual([]);
  });
});

describe("lines of the fixtures", () => {
  let inputs: LineInput[] = [];
  beforeAll(() => {
    inputs = prepareLines([fixtures], scratch, false);
  });

  const cases: [string, Partial<PacketLineOptions>, number][] = [
    ["t", {}, 0.97],
    ["te", { linkHeader: true }, 0.95],
    ["tq", { quiet: true }, 0.97],
    ["tS", { absoluteSequence: true }, 0.97],
    ["tv", { verbose: 1 }, 0.9],
    ["tvK", { verbose: 1, uncheckedSums: true }, 0.9],
    ["tx", { bytesFollow: true, bytes: { form: "hex", withLinkHeader: false } }, 0.9],
    ["txx", { bytesFollow: true, bytes: { form: "hex", withLinkHeader: true } }, 0.97],
    ["tX", { bytesFollow: true, bytes: { form: "hex-and-text", withLinkHeader: false } }, 0.9],
    ["tXX", { bytesFollow: true, bytes: { form: "hex-and-text", withLinkHeader: true } }, 0.97],
    ["tA", { bytesFollow: true, bytes: { form: "text", withLinkHeader: false } }, 0.9],
    ["tAA", { bytesFollow: true, bytes: { form: "text", withLinkHeader: true } }, 0.97],
    ["", { timeForm: 0 }, 0.97],
    ["tt", { timeForm: 2 }, 0.97],
    ["ttt", { timeForm: 3 }, 0.97],
    ["tttt", { timeForm: 4 }, 0.97],
    ["ttttt", { timeForm: 5 }, 0.97],
  ];
  it.each(cases)("with -n%s are those of tcpdump", (letters, options, least) => {
    const pairs = inputs.flatMap((input) => compareLines(input, letters, options)).filter((pair) => !hasNoLength(pair));
    const { share, count } = shareOf(pairs);
    expect(count).toBeGreaterThan(1000);
    expect(share, differences(pairs)).toBeGreaterThanOrEqual(least);
  });
});
