/** Lines of packets that somebody made up: none may throw, steer a terminal, imitate another line, or go on without end. */
import { expect, it } from "vitest";
import { type PacketLineOptions, PacketLines } from "../../../src/outputs/lines/packet-line.ts";
import { hostilePackets } from "../../support/hostile-packets.ts";
import { PLAIN_LINES } from "../../support/plain-lines.ts";

/** Rows of printable ASCII; those after the first begin with a blank or a tab. */
const SAFE = /^[\x20-\x7e]*(\n[\t ][\x20-\x7e\t]*)*$/;
const LONGEST = 20_000;

it.each([
  ["as they are", {}],
  ["with -v", { verbose: 1 }],
  ["with -e -vvv", { verbose: 3, linkHeader: true }],
  ["with -q", { quiet: true }],
] satisfies [string, Partial<PacketLineOptions>][])("20,000 changed packets %s", (_, options) => {
  const lines = new PacketLines({ ...PLAIN_LINES, ...options });
  for (const { linkType, data, originalLength } of hostilePackets(20_000)) {
    const text = lines.format({ timestamp: 0n, data, originalLength, linkType, direction: "in" });
    // A failed expectation is slow to make: it is only made for what fails.
    if (SAFE.test(text) && text.length < LONGEST) continue;
    const hex = Buffer.from(data).toString("hex");
    expect.fail(`link type ${linkType}, ${originalLength} bytes, ${hex}:\n${JSON.stringify(text.slice(0, 500))}`);
  }
});

it("stops at a bound where names are pointed to again and again", () => {
  // 300 answers, each a pointer to one name of 250 bytes, make some 80,000 characters of a packet of 4,000 bytes.
  const name = Array.from({ length: 4 }, () => [62, ...new Array<number>(62).fill(0x61)]).flat();
  const answer = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12];
  const message = [0, 1, 0x81, 0x80, 0, 1, 1, 44, 0, 0, 0, 0, ...name.slice(0, 189), 0, 0, 1, 0, 1];
  for (let index = 0; index < 300; index++) message.push(...answer);
  const udp = [0, 53, 0x9c, 0x40, (message.length + 8) >> 8, (message.length + 8) & 255, 0, 0, ...message];
  const total = udp.length + 20;
  const ip = [0x45, 0, total >> 8, total & 255, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, ...udp];
  const data = Uint8Array.from(ip);
  const lines = new PacketLines({ ...PLAIN_LINES, verbose: 3 });
  const text = lines.format({ timestamp: 0n, data, originalLength: data.length, linkType: 101, direction: "in" });
  expect(text).toMatch(/ \[\.\.\.\]$/);
  expect(text.length).toBeLessThan(LONGEST);
});
