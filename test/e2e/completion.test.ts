/** What shells get into their line for names that others chose, and what they run then. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const FILES = [
  ...["a`touch ran`.pcap", "b$(touch ran)", "c;touch ran", "d&e", "f|g", "h (i)", "j'k\"l", "m<n>", "o!p", "q*"],
  ...["r`touch ran`1", "r`touch ran`2", "s=$(touch ran)", "t;touch ran 1", "t;touch ran 2"],
];
const PROCESSES = ["zv`touch ran`", "zw;touch ran", "zz"];
const INTERFACES = ["x$(id>ran)", "y`id>ran`", "*"];

/** Of bash: what is typed before Tab and Enter, and the words that the command gets. Typed text without an answer stays what it is. */
const LINES: [typed: string, words: string[]][] = [
  ["-i x$", ["-i", "x$"]],
  ["--interface=y", ["--interface=y"]],
  ["watch -i v", ["watch", "-i", "v0"]],
  ["-i ", ["-i"]],
  ["--comm zv", ["--comm", "zv"]],
  ["--comm zw", ["--comm", "zw"]],
  ["--comm zz", ["--comm", "zz"]],
  ["-wa", ["-wa"]],
  ["-w a", ["-w", "a"]],
  ["-w r", ["-w", "r"]],
  ["-w b", ["-w", "b"]],
  ["watch -wu", ["watch", "-wu"]],
  ["--port @b", ["--port", "@b"]],
  ["-w s=", ["-w", "s="]],
  ["-qwc", ["-qwc;touch ran"]],
  ["-w c", ["-w", "c;touch ran"]],
  ["-w d", ["-w", "d&e"]],
  ["-w f", ["-w", "f|g"]],
  ['-w "h', ["-w", "h (i)"]],
  ['-w"h', ["-wh (i)"]],
  ["-w j", ["-w", "j'k\"l"]],
  ["-w m", ["-w", "m<n>"]],
  ["-w o", ["-w", "o!p"]],
  ["-w q", ["-w", "q*"]],
  ["-w t", ["-w", "t;touch ran "]],
];

/** Of zsh, which quotes every name. */
const LINES_OF_ZSH: [typed: string, words: string[]][] = [
  ["-i x", ["-i", "x$(id>ran)"]],
  ["--interface=y", ["--interface=y`id>ran`"]],
  ["--comm zv", ["--comm", "zv`touch ran`"]],
  ["--comm zw", ["--comm", "zw;touch ran"]],
  ["-wa", ["-wa`touch ran`.pcap"]],
  ["--port @b", ["--port", "@b$(touch ran)"]],
  ["-w s", ["-w", "s=$(touch ran)"]],
  ["-w c", ["-w", "c;touch ran"]],
  ["-w j", ["-w", "j'k\"l"]],
  ["-w o", ["-w", "o!p"]],
  ["watch -w u", ["watch", "-w", "u$(touch ran)"]],
];

const ANSWER = `ringcap() { printf '%s\\0' "$@" -end- >>.answers; }\n`;
const BASH = `set +o history
bind 'set completion-query-items 0'
bind 'set page-completions off'
source ${resolve("packaging/completion/ringcap.bash")}
${ANSWER}`;
const ZSH = `fpath=(${resolve("packaging/completion")} $fpath)
autoload -Uz compinit && compinit -u -D
unsetopt list_beep
${ANSWER}`;

describe.each([
  ["bash", "INPUTRC=/dev/null bash --rcfile .rc -i", BASH, LINES],
  ["zsh", "cp .rc .zshrc && ZDOTDIR=$PWD zsh -i", ZSH, LINES_OF_ZSH],
])("%s", (shell, command, setUp, lines) => {
  describeWith(
    [requirements.root, requirements.namespaces, requirements.tools(shell, "script")],
    "of hostile names",
    () => {
      test("gets one word of the text of each, and runs nothing of it", async () => {
        const folder = await hostileFolder();
        await using network = await hostileNetwork();
        writeFileSync(join(folder, ".rc"), setUp);
        const terminal = network.spawn("b", "script", ["-qec", `cd ${folder} && ${command}`, "/dev/null"]);
        terminal.stdout.resume();
        terminal.stdin.end(`${lines.map(([typed]) => `ringcap ${typed}\t\n`).join("")}exit\n`);
        await once(terminal, "exit");
        const answers = readFileSync(join(folder, ".answers"), "utf8").split("\0-end-\0").slice(0, -1);
        expect(answers.map((answer) => answer.split("\0"))).toEqual(lines.map(([, words]) => words));
        expect(readdirSync(folder)).not.toContain("ran");
      });
    },
  );
});

/** A folder of files, beside processes, whose names are commands. */
async function hostileFolder(): Promise<string> {
  const folder = temporaryDirectory();
  for (const name of FILES) writeFileSync(join(folder, name), "");
  for (const name of ["u$(touch ran)", "zz"]) mkdirSync(join(folder, name));
  for (const name of PROCESSES) {
    const sleeper = spawn("bash", ["-c", 'printf %s "$1" >/proc/$$/comm; echo; read', "bash", name]);
    onTestFinished(() => void sleeper.kill("SIGKILL"));
    await once(sleeper.stdout, "data");
  }
  return folder;
}

async function hostileNetwork(): Promise<TestNetwork> {
  const network = await TestNetwork.create();
  for (const [index, name] of INTERFACES.entries()) {
    const words = ["link", "add", name, "type", "veth", "peer", "name", `p${index}`];
    await runOrFail("ip", ["-n", network.namespaces.b, ...words]);
  }
  return network;
}
