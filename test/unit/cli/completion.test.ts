/** What the completions offer. `npm run test:package -- completion` asks the shells themselves. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../../scripts/manual/files.mjs";
import { describeProgram, everyCommand, type Place } from "../../../scripts/manual/tree.mjs";
import { Program } from "../../../src/cli/program.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const generated = generatedFiles(new Program());
const textOf = (name: string) => generated.get(`completion/${name}`) ?? "";
const places = everyCommand(describeProgram(new Program().declareAll()));
const namesOf = ({ options }: Place) => options.flatMap(({ names }) => names);

/** Asks bash, for each line: the candidates for its last word. */
function askBash(lines: readonly (readonly string[])[]): string[][] {
  const asked = lines.map((words) => {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    // Readline parts words at "=".
    const line = words.join(" ").replaceAll(" = ", "=");
    return `COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1} COMP_LINE='${line}' COMP_POINT=${line.length}
_ringcap; printf '%s\\n' "\${COMPREPLY[@]}" -end-`;
  });
  const script = `${textOf("ringcap.bash")}\ncompopt() { :; }\n${asked.join("\n")}`;
  const text = execFileSync("bash", { input: script, encoding: "utf8" });
  return text
    .split("-end-\n")
    .slice(0, -1)
    .map((answer) => answer.split("\n").filter(Boolean));
}

describe("every option of every command is offered", () => {
  test("by bash", () => {
    const answers = askBash(places.map(({ path }) => ["ringcap", ...path, "-"]));
    for (const [index, place] of places.entries()) {
      expect(answers[index]?.toSorted(), place.path.join(" ")).toEqual(namesOf(place).toSorted());
    }
  });

  test("by zsh", () => {
    for (const place of places) {
      const name = ["_ringcap", ...place.path].join("-");
      const body = new RegExp(`^${name}\\(\\) \\{\n(.*?)^\\}`, "ms").exec(textOf("_ringcap"))?.[1] ?? "";
      for (const option of namesOf(place)) expect(body, name).toMatch(new RegExp(`['{,*]${option}[+=[,}]`));
    }
  });

  test("by fish", () => {
    const lines = textOf("ringcap.fish").split("\n");
    for (const place of places) {
      const condition = ["__ringcap_is", ...place.path].join(" ");
      const own = lines.filter((line) => line.startsWith(`complete -c ringcap -n '${condition}' `)).join("\n");
      for (const option of namesOf(place)) {
        const form = option.startsWith("--") ? `-l ${option.slice(2)} ` : `-s '${option.slice(1)}' `;
        expect(own, condition).toContain(form);
      }
    }
  });
});

test("bash offers the values of options, one by one in lists, and no command where a value stands", () => {
  const questions: [words: string[], offered: string[]][] = [
    [
      ["--hook", "xdp"],
      ["xdp", "xdp-native", "xdp-generic"],
    ],
    [
      ["--direction", "=", "in"],
      ["in", "inout"],
    ],
    [
      ["top", "--by", "src,dst"],
      ["src,dst", "src,dst-port", "src,dst+port"],
    ],
    [["--tcp-flags", "syn,!a"], ["syn,!ack"]],
    [["--tcp-flags", "syn/syn,a"], ["syn/syn,ack"]],
    [["-nnQ", "o"], ["out"]],
    [["-Qo"], ["-Qout"]],
    [["verify", "--reporter", "t"], ["tap"]],
    [["--sample", "c"], []],
    [["help", "cap"], ["capture"]],
    [["help", "extcap", "in"], ["install"]],
    [["extcap", "help", "re"], ["remove"]],
    [["help", "capture", ""], []],
    [
      ["extcap", "run", "--action", ""],
      ["pass", "drop"],
    ],
    [["extcap", "run", "--tcp-flags", "syn,!a"], ["syn,!ack"]],
    [["extcap", "install", "--directory", "/et"], ["/etc/"]],
    [["extcap", "install", "--grant", "nogr"], ["nogroup"]],
    [["service", "unit", "--user", "nob"], ["nobody"]],
    [["completion", "z"], ["zsh"]],
    [["doctor", "c"], []],
  ];
  const answers = askBash(questions.map(([words]) => ["ringcap", ...words]));
  for (const [index, [words, offered]] of questions.entries()) {
    expect(answers[index]?.toSorted(), words.join(" ")).toEqual(offered.toSorted());
  }
});

test("bash finds files whose names are quoted up to the cursor", () => {
  const directory = temporaryDirectory();
  for (const name of ["my file.pcap", "my (x).pcap"]) writeFileSync(join(directory, name), "");
  const questions: [word: string, offered: string][] = [
    [`${directory}/my\\ f`, `${directory}/my file.pcap`],
    [`"${directory}/my f`, `"${directory}/my file.pcap`],
    [`${directory}/my\\ \\(`, `${directory}/my (x).pcap`],
    [`"${directory}/my (`, `"${directory}/my (x).pcap`],
  ];
  const answers = askBash(questions.map(([word]) => ["ringcap", "report", word]));
  expect(answers).toEqual(questions.map(([, offered]) => [offered.replace(/^"/, "")]));
});
