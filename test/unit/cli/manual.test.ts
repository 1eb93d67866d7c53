import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../../../scripts/manual/files.mjs";
import { describeProgram, everyCommand, type OptionNode, type Place } from "../../../scripts/manual/tree.mjs";
import { Program } from "../../../src/cli/program.ts";

const packaging = new URL("../../../packaging/", import.meta.url);
const generated = generatedFiles(new Program());
const textOf = (name: string) => generated.get(name) ?? "";
const places = everyCommand(describeProgram(new Program().declareAll()));
const options: readonly (readonly [Place, OptionNode])[] = places.flatMap((place) =>
  place.options.map((option) => [place, option] as const),
);

test("the manual pages and completions of packaging/ are those of the commands", () => {
  const changed = [...generated].filter(([name, text]) => {
    const file = new URL(name, packaging);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  const names = changed.map(([name]) => name);
  expect(names, "run `npm run manual`, and commit what it changes in packaging/").toEqual([]);
});

test("packaging/ has no page of a command that is gone", () => {
  for (const folder of ["man", "completion"]) {
    const present = readdirSync(new URL(`${folder}/`, packaging)).map((name) => `${folder}/${name}`);
    expect([...generated.keys()], "git rm it").toEqual(expect.arrayContaining(present));
  }
});

test("each page has the sections of a manual, and each option of its command", () => {
  for (const { path, options: own } of places.filter(({ path }) => path.length > 0 && !path.includes("help"))) {
    const page = textOf(`man/ringcap-${path.join("-")}.1`);
    const headings = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"];
    for (const heading of headings) expect(page).toMatch(new RegExp(`^\\.SH ${heading}$`, "m"));
    for (const name of own.flatMap(({ names }) => names)) {
      expect(page, `${path.join(" ")} ${name}`).toContain(`\\fB${name.replaceAll("-", "\\-")}\\fR`);
    }
  }
});

test("each page that is referred to is there", () => {
  for (const [name, page] of generated) {
    if (!name.startsWith("man/")) continue;
    for (const [, other = ""] of page.matchAll(/^\.BR (ringcap\S*) \(1\)/gm)) {
      expect([...generated.keys()], name).toContain(`man/${other.replaceAll("\\-", "-")}.1`);
    }
  }
});

test("what completion offers for a value is named by the line of the help or by the manual", () => {
  for (const [{ path }, { flags, description, details, values }] of options) {
    if (values?.kind !== "words") continue;
    for (const word of values.words ?? []) {
      const text = flags.startsWith("-y") ? word : `${description} ${details}`;
      expect(text, `${path.join(" ")} ${flags}`).toContain(word);
    }
  }
});
