import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePlaced } from "../../../../src/flood/config/placed-yaml.ts";
import { CONFIG_KEYS, keysForRestart, readWatchConfig } from "../../../../src/flood/config/watch-config.ts";
import { runOrFail } from "../../../support/run.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

function fileOf(text: string | Uint8Array): string {
  const path = join(temporaryDirectory(), "watch.yaml");
  writeFileSync(path, text);
  return path;
}

const read = (text: string) => readWatchConfig(fileOf(text));

/** What a refusal says behind the path of the file. */
function mistakesOf(text: string | Uint8Array): string {
  const path = fileOf(text);
  let said = "";
  expect(() => {
    try {
      readWatchConfig(path);
    } catch (error) {
      said = String(error).replace(`RingcapError: read the configuration ${path}:`, "").trimStart();
      throw error;
    }
  }).toThrow(expect.objectContaining({ name: "RingcapError", code: "INPUT" }));
  return said;
}

const WHOLE = `
# The web servers.
triggers:
  - 20000/s
  - syn/synack > 5 for 2s   # half open
  - "> 8x above 5k/s"
before: 5s
after: 10
max: .5h
history-size: 64Mi
incident-size: 200M
file-size: 1000000
keep-incidents: 20
keep-size: 1.5G
on-incident: /usr/local/bin/tell me
metrics: 9477
`;

test("a file says everything that a watch can be told", () => {
  const { triggers, ...rest } = read(WHOLE);
  expect(triggers?.map(({ text }) => text)).toEqual(["20000/s", "syn/synack > 5 for 2s", "> 8x above 5k/s"]);
  expect(rest).toEqual({
    before: 5,
    after: 10,
    max: 1800,
    historySize: 64 * 2 ** 20,
    incidentSize: 200e6,
    fileSize: 1e6,
    keepIncidents: 20,
    keepSize: 1.5e9,
    onIncident: "/usr/local/bin/tell me",
    metrics: "9477",
  });
});

test.each(["", "# nothing\n", "---\n", "~\n"])("%j says nothing", (text) => {
  expect(read(text)).toEqual({});
});

test("all mistakes are told at once, with their lines", () => {
  expect(
    mistakesOf(`max: soon
triggers:
  - 20000/s
  - 20000/m
  - 7
trigers: []
history-size: -1
keep-incidents: 0
on-incident: [sh]
metrics: 192.0.2.300:1
after: *none
`).split("\n"),
  ).toEqual([
    "line 1: max: expected a time: type seconds, or one number and its unit: 500ms, 10s, 5m, 1h",
    '  line 4: triggers[1]: expected "/s", because rates are by the second, and found "m"',
    "    20000/m",
    "          ^",
    "  line 5: triggers[2]: expected a rule such as 20000/s",
    '  line 6: "trigers" is no key of this file; did you mean "triggers"?',
    "  line 7: history-size: expected a size: type 500k, 10M, 2G or 64Mi",
    "  line 8: keep-incidents: expected a whole number above 0",
    "  line 9: on-incident: expected the path of a program",
    expect.stringMatching(/^ {2}line 10: metrics: "192.0.2.300:1" is no address and port: write 9477/),
    expect.stringMatching(/^ {2}line 11: after: expected a time: /),
  ]);
});

test.each([
  ["a list", "- 20000/s\n", "line 1: expected a key and a value on each line"],
  ["a sentence", "watch the web servers\n", "line 1: expected a key and a value on each line"],
  ["a key twice", "max: 1m\n\nmax: 2m\n", "line 3: Map keys must be unique"],
  ["a second document", "max: 1m\n---\nmax: 2m\n", "line 2: "],
  ["brackets without an end", "triggers: [\n", "line 2: "],
  ["a tag that nobody knows", "max: !time 1m\n", "line 1: Unresolved tag: !time"],
  ["an alias", "before: &time 1m\nafter: *time\n", "line 2: after: expected a time"],
  ["a rule that is no list", "triggers: 8x\n", 'line 1: triggers: expected a list of rules, each behind "- "'],
  ["a map for a value", "max:\n  time: 1m\n", "line 2: max: expected a time"],
  ["a number for a key", "1: 2\n", 'line 1: "1" is no key'],
  ["a list for a key", "? [max]\n: 2\n", 'line 1: "" is no key'],
  ["no value", "max:\n", "line 1: max: expected a time"],
  ["a control character in a rule", 'triggers: ["1/s\\0"]\n', "line 1: triggers[0]: a rule has no other characters"],
  [
    "an unknown key without a near one",
    "quux: 1\n",
    'line 1: "quux" is no key of this file; the keys are triggers, before',
  ],
  ["a rule too many", `triggers: [${"1/s,".repeat(101)}]\n`, "line 1: triggers: expected 100 rules at most"],
])("%s is refused with its line", (_, text, said) => {
  expect(mistakesOf(text)).toContain(said);
});

test("of very many mistakes, twenty are shown", () => {
  const text = Array.from({ length: 50 }, (_, index) => `key${index}: 1\n`).join("");
  expect(mistakesOf(text).split("\n")).toHaveLength(21);
  expect(mistakesOf(text)).toMatch(/\n {2}and 30 more$/);
});

test.each([
  ["more than a configuration can be", "#".repeat((1 << 16) + 1), "it has more than 65536 bytes"],
  ["bytes that are no text", Uint8Array.of(0x6d, 0xff), "it is not UTF-8"],
  ["brackets deeper than any stack", `a: ${"[".repeat(1 << 15)}`, "line 1: it is nested too deeply"],
  [
    "a rule that YAML takes for a text",
    "triggers:\n  - 5/s\n  - > 5/s\n",
    'line 3: a rule that begins with ">" stands in quotes',
  ],
  ["an empty list of rules", "after: 5s\ntriggers: []\n", "line 2: triggers: expected one rule at least"],
  ["aliases of aliases", `a: &a [x]\n${Array.from({ length: 30 }, () => "b: [*a, *a]").join("\n")}`, ""],
])("%s is refused", (_, text, said) => {
  expect(mistakesOf(text)).toContain(said);
});

test("what is no file is refused, and a link to one is followed", async () => {
  const path = fileOf("max: 1m\n");
  symlinkSync(path, `${path}.link`);
  expect(readWatchConfig(`${path}.link`)).toEqual({ max: 60 });
  mkdirSync(`${path}.directory`);
  await runOrFail("mkfifo", [`${path}.pipe`]);
  for (const [name, reason] of [
    ["directory", "it is not a regular file"],
    ["pipe", "it is not a regular file"],
    ["none", "ENOENT: no such file or directory"],
  ]) {
    expect(() => readWatchConfig(`${path}.${name}`)).toThrow(`read the configuration ${path}.${name}: ${reason}`);
  }
});

test("a running watch takes over rules, and the times by which an incident ends", () => {
  const present = read(WHOLE);
  expect(keysForRestart(present, read(WHOLE))).toEqual([]);
  expect(keysForRestart(present, read("triggers: [1/s]\nafter: 1s\nmax: 2s\n"))).toEqual(
    CONFIG_KEYS.filter((key) => !["triggers", "after", "max"].includes(key)),
  );
});

/** The part of JSON Schema that the schema of a configuration uses. */
interface Schema {
  type?: string;
  $ref?: string;
  anyOf?: Schema[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  properties?: Readonly<Record<string, Schema>>;
  definitions?: Readonly<Record<string, Schema>>;
}

const schema: Schema = JSON.parse(readFileSync("schemas/watch.schema.json", "utf8"));

function accepts(rule: Schema, value: unknown): boolean {
  if (rule.$ref !== undefined) return accepts(schema.definitions?.[rule.$ref.split("/").at(-1) ?? ""] ?? {}, value);
  if (rule.anyOf !== undefined) return rule.anyOf.some((one) => accepts(one, value));
  if (rule.type === "array") {
    const isOfLength = Array.isArray(value) && value.length >= (rule.minItems ?? 0);
    return isOfLength && value.every((item) => accepts(rule.items ?? {}, item));
  }
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = rule;
    const isOfType = rule.type === "number" || (rule.type === "integer" && Number.isInteger(value));
    return isOfType && value >= minimum && value <= maximum;
  }
  if (typeof value !== "string" || rule.type !== "string") return false;
  return value.length >= (rule.minLength ?? 0) && new RegExp(rule.pattern ?? "").test(value);
}

test("the schema for editors has the keys that are accepted, and the same values", () => {
  expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...CONFIG_KEYS].sort());
  const values = `0 1 1.5 -1 70000 10s 500ms .5h 1d s 10k 64Mi 1.5G 2m 10Kib [] [1/s] [7] {} "" ~ true a`.split(" ");
  for (const key of CONFIG_KEYS) {
    for (const text of values) {
      const placed = parsePlaced(`${key}: ${text}`).entries[0]?.value.value;
      const value = Array.isArray(placed) ? placed.map((item) => item.value) : placed;
      const isTaken = (() => {
        try {
          return Object.keys(read(`${key}: ${text}\n`)).length === 1;
        } catch {
          return false;
        }
      })();
      expect([key, text, isTaken]).toEqual([key, text, accepts(schema.properties?.[key] ?? {}, value)]);
    }
  }
});

test("the manual quotes a refusal as it is printed", () => {
  const manual = readFileSync("docs/watch.md", "utf8");
  const documented = /```yaml\n(.*?)```/s.exec(manual)?.[1] ?? "";
  const mistaken = documented.replace("20000/s", "20000/m").replace("keep-incidents", "keep-incident");
  const quoted = /^ {4}ringcap: error: read the configuration watch.yaml:\n((?: {6}.*\n)+)/m.exec(manual)?.[1] ?? "";
  expect(`  ${mistakesOf(mistaken)}\n`).toBe(quoted.replaceAll(/^ {4}/gm, ""));
});
