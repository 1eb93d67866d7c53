/** Lists in expressions that are compiled in parts: `tcpdump -r`, which compiles the whole, judges. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { SeededRandom } from "../../scripts/fixtures/random.ts";
import { Interpreter } from "../../src/filter/classic/interpreter.ts";
import { compileExpression } from "../../src/filter/expression.ts";
import { partsOfLongList } from "../../src/filter/long-list.ts";
import { matchedByTcpdump, writeNumbered } from "../support/agreement.ts";
import { arp, ethernet, ipv4, ipv6, tcp, udp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const random = new SeededRandom(11);
const address = () => `10.0.${random.below(2)}.${random.below(200)}`;
const list = (count: number, term: () => string) => Array.from({ length: count }, term).join(" or ");

const lists = [
  `host ${list(170, address)}`,
  list(160, () => `src host ${address()}`),
  list(151, () => `dst net 10.0.${random.below(2)}.${4 * random.below(50)}/30`),
  `tcp port ${list(180, () => `${random.below(400)}`)}`,
  list(170, () => random.pick([`udp dst port ${random.below(300)}`, `host ${address()}`, `arp host ${address()}`])),
  list(150, () => `ip6 host 2001:db8::${random.below(300).toString(16)}`),
  `tcp and (${list(170, () => `host ${address()}`)})`,
  `not udp and len < 90 and (port ${list(160, () => `${random.below(400)}`)})`,
];

function randomFrame(): Uint8Array {
  const ports = { sourcePort: random.below(500), destinationPort: random.below(500) };
  const payload = random.below(2) === 0 ? tcp(ports) : udp(ports);
  const version6 = { source: `2001:db8::${random.below(400).toString(16)}`, destination: "2001:db8::1" };
  return random.pick([
    () => ethernet({ payload: ipv4({ source: address(), destination: address(), payload }) }),
    () => ethernet({ payload: ipv4({ source: address(), destination: address(), payload }) }),
    () => ethernet({ payload: ipv6({ ...version6, payload }) }),
    () => ethernet({ etherType: 0x0806, payload: arp({ targetAddress: address() }) }),
  ])();
}

const frames = Array.from({ length: 2000 }, randomFrame);

describeWith(requirements.tools("tcpdump"), "a long list in an expression", () => {
  test.each(lists.map((text) => [text.slice(0, 60), text] as const))(
    "chooses what tcpdump chooses by the whole: %s",
    async (_, text) => {
      expect(partsOfLongList(text)).toBeDefined();
      const path = join(temporaryDirectory(), "frames.pcap");
      const packets = frames.map((data, index) => ({ data, origin: `frame ${index + 1}` }));
      writeNumbered(path, packets, 1);
      const interpreter = new Interpreter(compileExpression(text, 1).program);
      const chosen = frames.flatMap((frame, index) =>
        interpreter.run(frame, 0, frame.length, frame.length) === 0 ? [] : [index + 1],
      );
      expect(chosen).toEqual(await matchedByTcpdump(path, text));
      expect(chosen.length).toBeGreaterThan(20);
    },
  );

  test("of 600 hosts has room in a program", () => {
    const { raw } = compileExpression(
      list(600, () => `host 192.${random.below(250)}.${random.below(250)}.1`),
      1,
    );
    expect(raw.length).toBeLessThan(3000);
  });

  test("that cannot be compiled shows the place of the mistake in the whole", () => {
    const text = `${list(170, () => `host ${address()}`)} or port 70000`;
    expect(() => compileExpression(text, 1)).toThrow(/illegal port number 70000 > 65535\n.*\n.*\^~/);
  });
});

describeWith(requirements.tools("tcpdump"), "an expression that libpcap's optimiser needs long for", () => {
  const notesOf = (text: string) => {
    const notes: string[] = [];
    compileExpression(text, 1, { onNote: (note) => notes.push(note) });
    return notes;
  };

  test("is announced with what does the same at once", () => {
    const text = `tcp or (${list(240, () => `host ${address()}`)}) and udp`;
    expect(notesOf(text)).toEqual([expect.stringMatching(/needs some time .*host: "@file"/)]);
    expect(notesOf(list(50, () => `host ${address()}`))).toEqual([]);
  });

  test.each([
    [850, /has \d+ instructions before libpcap's optimiser, which takes up to 24000$/],
    [1001, /has 1001 numbers and addresses, more than 1000$/],
  ])("is refused where that would come to no end: %i hosts", (count, message) => {
    const text = `not (${list(count, () => `host ${address()}`)})`;
    expect(() => notesOf(text)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: expect.stringMatching(message),
        hint: expect.stringContaining('host: "@file"'),
      }),
    );
  });
});
