import { expect, test } from "vitest";
import { parseTrigger } from "../../../../src/flood/triggers/parse-trigger.ts";
import { KEY_SUBJECTS, SUBJECTS, TRAFFIC_SUBJECTS } from "../../../../src/flood/triggers/subjects.ts";
import { type Condition, needsOf, unmetNeed } from "../../../../src/flood/triggers/trigger.ts";
import { TRAFFIC_KEYS } from "../../../../src/packets/traffic-counts.ts";
import { random } from "../../../support/random.ts";

const packets = { kind: "rate", subject: "packets" };

test.each([
  ["20000/s", { ...packets, perSecond: 20_000 }],
  ["> 1.5k/s", { ...packets, perSecond: 1500 }],
  ["syn > 5000/s", { ...packets, subject: "syn", perSecond: 5000 }],
  ["syn 5k / s", { ...packets, subject: "syn", perSecond: 5000 }],
  ["syn 5 K/s", { ...packets, subject: "syn", perSecond: 5000 }],
  ["  BYTES > 1G/S ", { ...packets, subject: "bytes", perSecond: 1e9 }],
  ["listen-overflows > 0/s", { ...packets, subject: "listen-overflows", perSecond: 0 }],
  ["cookies > 10/s", { ...packets, subject: "cookies", perSecond: 10 }],
  ["ring-drops > 0/s", { ...packets, subject: "ring-drops", perSecond: 0 }],
  ["8x", { kind: "usual", subject: "packets", times: 8, floor: 1000 }],
  ["udp > 2.5 x above 50k/s", { kind: "usual", subject: "udp", times: 2.5, floor: 50_000 }],
  ["5000/s per dst", { kind: "key", subject: "packets", perSecond: 5000, key: "dst" }],
  ["bytes > 10M/s per dst+port", { kind: "key", subject: "bytes", perSecond: 1e7, key: "dst+port" }],
  ["syn/synack > 5", { kind: "ratio", subject: "syn", other: "synack", ratio: 5, floor: 100 }],
  ["rst / syn 0.5 above 1k/s", { kind: "ratio", subject: "rst", other: "syn", ratio: 0.5, floor: 1000 }],
])("%j is a rule", (text, condition) => {
  expect(parseTrigger(text)).toEqual({ text, condition, forSeconds: 0 });
  expect(parseTrigger(`${text} for 1.5s`)).toMatchObject({ condition, forSeconds: 1.5 });
});

test.each([
  ["500ms", 0.5],
  ["2s", 2],
  ["1m", 60],
  ["1h", 3600],
  ["2 s", 2],
  ["500 MS", 0.5],
  ["2S", 2],
])("a rule has to hold for %s", (time, seconds) => {
  expect(parseTrigger(`1/s for ${time}`).forSeconds).toBe(seconds);
});

test.each([
  ["", 'a subject or a limit such as "20000/s" or "8x", and found the end', "", "^"],
  ["20000", '"/s", because rates are by the second, and found the end', "20000", "     ^"],
  ["20000/m", '"/s", because rates are by the second, and found "m"', "20000/m", "      ^"],
  ["20000x/s", 'the end of the rule or for, and found "/"', "20000x/s", "      ^"],
  ["syns > 5/s", 'found "syns"; did you mean "syn"?', "syns > 5/s", "^~~~"],
  ["syn > lots", 'a limit such as "20000/s" or "8x", and found "lots"', "syn > lots", "      ^~~~"],
  ["syn >= 5/s", 'found "="', "syn >= 5/s", "     ^"],
  ["5/s per dest", 'found "dest"; did you mean "dst"?', "5/s per dest", "        ^~~~"],
  ["udp > 5/s per dst", "one of packets, bytes, syn in a rule per key", "udp > 5/s per dst", "^~~"],
  ["5/s pre dst", 'found "pre"; did you mean "per"?', "5/s pre dst", "    ^~~"],
  ["100MB/s", 'found "100MB"; did you mean "bytes > 100M/s"?', "100MB/s", "^~~~~"],
  ["10Mbit/s", 'did you mean "bytes > 1.25M/s"?', "10Mbit/s", "^~~~~~"],
  ["20kpps", 'did you mean "20k/s"?', "20kpps", "^~~~~~"],
  ["5/s for 2", 'a time such as 500ms, 2s or 1m, and found "2"', "5/s for 2", "        ^"],
  ["5/s for 2s per dst", 'the end of the rule, and found "per"', "5/s for 2s per dst", "           ^~~"],
  ["8x per dst", 'the end of the rule or for, and found "per"', "8x per dst", "   ^~~"],
  ["1x", 'a multiple of more than 1, and found "1x"', "1x", "^~"],
  ["cookies > 8x", "because nothing is learnt of cookies", "cookies > 8x", "^~~~~~~"],
  ["8x above 9x", 'a rate such as "1000/s", and found "9x"', "8x above 9x", "         ^~"],
  ["syn/synak > 5", 'found "synak"; did you mean "synack"?', "syn/synak > 5", "    ^~~~~"],
  ["syn/synack > 5x", 'a ratio without x, and found "5x"', "syn/synack > 5x", "             ^~"],
  ["syn/synack > 0", "a ratio of more than 0", "syn/synack > 0", "             ^"],
  ["ring-drops/syn > 5", "a kind of packets in a ratio", "ring-drops/syn > 5", "^~~~~~~~~~"],
  [`${"9".repeat(30)}/s`, "a smaller number", `${"9".repeat(30)}/s`, `^${"~".repeat(29)}`],
])("the mistake in %j is shown", (text, said, line, caret) => {
  const place = new RegExp(
    `^trigger: expected [^\\n]*${escaped(said)}[^\\n]*\\n  ${escaped(line)}\\n  ${escaped(caret)}$`,
  );
  expect(() => parseTrigger(text)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(place) }),
  );
});

test.each(["1/s\0", "1/s\u001b[31m", "größer 1/s", " ".repeat(201)])("%j is refused without being shown", (text) => {
  expect(() => parseTrigger(text, "triggers[3]")).toThrow(/^triggers\[3\]: a rule has [^\n]*$/);
});

function escaped(text: string): string {
  return text.replaceAll(/[^\w ]/g, "\\$&");
}

test("what rules mean does not depend on how they are spaced", () => {
  const next = random(1);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  for (let round = 0; round < 500; round++) {
    const [subject, other] = [oneOf(TRAFFIC_SUBJECTS), oneOf(TRAFFIC_SUBJECTS)];
    const [value, floor] = [Math.ceil(next() * 1e6) + 1, Math.ceil(next() * 1e6)];
    const [ofKey, key] = [oneOf(KEY_SUBJECTS), oneOf(TRAFFIC_KEYS)];
    const [any, forSeconds] = [oneOf(SUBJECTS), Math.ceil(next() * 9)];
    const rules: [words: (string | number)[], condition: Condition][] = [
      [[any, ">", value, "/", "s"], { kind: "rate", subject: any, perSecond: value }],
      [[ofKey, ">", value, "/", "s", " per ", key], { kind: "key", subject: ofKey, perSecond: value, key }],
      [[subject, ">", value, "x", " above ", floor, "/", "s"], { kind: "usual", subject, times: value, floor }],
      [
        [subject, "/", other, ">", value, " above ", floor, "/", "s"],
        { kind: "ratio", subject, other, ratio: value, floor },
      ],
    ];
    const [words, condition] = oneOf(rules);
    const text = [...words, ` for ${forSeconds}s`].map((word) => (next() < 0.3 ? ` ${word} ` : word)).join("");
    expect(parseTrigger(text), text).toEqual({ text, condition, forSeconds });
  }
});

test("rules say what a capture must have for them", () => {
  const needs = (...rules: string[]) => needsOf(rules.map((rule) => parseTrigger(rule)));
  expect(needs("1/s", "rst/syn > 2", "ring-drops > 0/s")).toEqual({ keys: [], bothDirections: false, pressure: false });
  const many = needs("1/s per dst", "syn > 2/s per dst", "1/s per src", "syn/synack > 5", "cookies > 1/s");
  expect(many).toEqual({ keys: ["dst", "src"], bothDirections: true, pressure: true });
  expect(unmetNeed(needs("1/s per src", "8x"), many)).toBeUndefined();
  expect(unmetNeed(many, needs("1/s per dst"))).toBe("a table of packets per src");
  expect(unmetNeed(needs("synack/syn > 5"), needs("1/s"))).toBe("packets of both directions");
  expect(unmetNeed(needs("cookies > 1/s"), needs("1/s"))).toBeUndefined();
});
