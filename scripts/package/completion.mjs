/**
 * Asks bash, zsh and fish what they complete. Each shell is the real one, with its own line editor where it has one, and gets
 * the same questions.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { describeProgram, everyCommand } from "../manual/tree.mjs";

/** @typedef {import("../manual/tree.mjs").Place} Place */
/** @typedef {{ line: string, offers: string[], lacks?: string[] }} Question */

/** The files that are there when the shells are asked. */
const FILES = ["flood.pcap", "of day.pcapng", "notes.txt", "suite.json", "list.ports"];

const OWN_NAME = readFileSync("/proc/self/comm", "utf8").trim();

/** @type {Question[]} */
const QUESTIONS = [
  { line: "ringcap ca", offers: ["capture"] },
  { line: "ringcap ", offers: ["capture", "watch", "doctor", "completion", "help"] },
  { line: "ringcap help co", offers: ["compile", "connections", "completion"], lacks: ["capture"] },
  { line: "ringcap --hook x", offers: ["xdp", "xdp-native", "xdp-generic"], lacks: ["tc"] },
  { line: "ringcap capture --hook=t", offers: ["tc"] },
  { line: "ringcap top --hook ", offers: ["tc"], lacks: ["packet"] },
  { line: "ringcap -Q in", offers: ["in", "inout"], lacks: ["out"] },
  { line: "ringcap -nni l", offers: ["lo"] },
  { line: "ringcap --interface=a", offers: ["any"] },
  { line: "ringcap --tcp-flags syn,a", offers: ["ack"], lacks: ["syn", "fin"] },
  { line: "ringcap --tcp-flags=syn,!a", offers: ["ack"] },
  { line: "ringcap --tcp-flags syn/syn,a", offers: ["ack"] },
  { line: "ringcap --proto tcp,u", offers: ["udp"] },
  { line: "ringcap --port @l", offers: ["list.ports"] },
  { line: "ringcap top --by src,dst-", offers: ["dst-port"] },
  { line: "ringcap send x.pcap --vary src-ip,", offers: ["src-port"], lacks: ["src-ip"] },
  { line: "ringcap -w x.pcap --format ", offers: ["pcap", "pcapng"] },
  { line: "ringcap --compress ", offers: ["gzip", "zstd"] },
  { line: "ringcap --user no", offers: ["nobody", "none"] },
  { line: "ringcap --pid 1", offers: ["1"] },
  { line: "ringcap replay fl", offers: ["flood.pcap"] },
  { line: "ringcap verify sui", offers: ["suite.json"] },
  { line: "ringcap completion ", offers: ["bash", "zsh", "fish"] },
  { line: "ringcap verify --reporter ", offers: ["spec", "tap", "junit", "json"] },
  { line: "ringcap connections --summary ", offers: ["process", "remote"] },
  { line: "ringcap -w x.pcap -- sha1su", offers: ["sha1sum"] },
  { line: "ringcap -w x.pcap -- cat no", offers: ["notes.txt"] },
  { line: "ringcap -w x.pcap -- ca", offers: ["cat"], lacks: ["capture"] },
  { line: "ringcap replay --expect=fl", offers: ["flood.pcap"] },
  { line: "ringcap replay of", offers: ["of day.pcapng"] },
  { line: "ringcap report flood.pcap of", offers: ["of day.pcapng"] },
  { line: "ringcap -r no", offers: ["notes.txt"] },
  { line: "ringcap -r ", offers: ["flood.pcap"] },
  { line: "ringcap watch -w cap", offers: ["captures"] },
  { line: `ringcap -i lo --comm ${OWN_NAME.slice(0, 2)}`, offers: [OWN_NAME] },
  { line: "ringcap doctor --", offers: ["--json", "--help"], lacks: ["--hook"] },
  { line: "ringcap --sample ", offers: [], lacks: ["notes.txt"] },
];

/** @typedef {(lines: string[], files: string, folder: string) => string[][]} Ask the candidates of each line */

/** Types into an interactive shell. @param {string} shell @param {string} typed @param {string} folder */
function type(shell, typed, folder) {
  const options = { cwd: folder, input: typed, timeout: 60_000, env: { ...process.env, TERM: "dumb", HOME: folder } };
  return execFileSync("script", ["-qec", shell, "/dev/null"], { ...options, encoding: "utf8" });
}

/** @type {(rc: string) => Ask} */
const askBash = (rc) => (lines, files, folder) => {
  // insert-completions (M-*) puts all candidates into the line, and the function tells its words.
  const setUp = `${rc}
set +H
source ${files}/ringcap.bash
ringcap() { printf '%s\\n' "$@" >>answers; printf '%s\\n' -end- >>answers; }
`;
  writeFileSync(join(folder, "bashrc"), setUp);
  type("bash --noprofile --rcfile bashrc -i", `${lines.map((line) => `${line}\x1b*\n`).join("")}exit\n`, folder);
  return answers(folder);
};

/** @type {Ask} */
function askZsh(lines, files, folder) {
  const setUp = `PS1='> '
fpath=(${files} $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' menu no
unsetopt list_beep auto_menu
bindkey '^Xk' kill-whole-line
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-[OAD]\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -O hits "$@"
  (( $#hits )) && print -rl -- $hits >>answers
  builtin compadd "$@"
}
ringcap() { print -r -- -end- >>answers }
`;
  writeFileSync(join(folder, ".zshrc"), setUp);
  // What was typed is replaced by a plain command, which ends the answer.
  const typed = lines.map((line) => `${line}\t\x18kringcap\n`).join("");
  type("env ZDOTDIR=$PWD zsh -o nobanghist -i", `${typed}exit\n`, folder);
  return answers(folder);
}

/** @type {Ask} */
function askFish(lines, files, folder) {
  const script = `source ${files}/ringcap.fish
for line in (cat lines)
    complete -C $line >>answers
    echo -end- >>answers
end
`;
  writeFileSync(join(folder, "ask.fish"), script);
  writeFileSync(join(folder, "lines"), lines.map((line) => `${line}\n`).join(""));
  execFileSync("fish", ["--no-config", "ask.fish"], {
    cwd: folder,
    timeout: 60_000,
    env: { ...process.env, HOME: folder },
  });
  return answers(folder).map((answer) => answer.map((line) => line.replace(/\t.*/s, "")));
}

/** @param {string} folder */
function answers(folder) {
  const text = readFileSync(join(folder, "answers"), "utf8");
  return text
    .split("-end-\n")
    .slice(0, -1)
    .map((answer) => answer.split("\n").filter(Boolean));
}

/** @type {Record<string, Ask>} */
const SHELLS = {
  bash: askBash(""),
  "bash with bash-completion": askBash("source /usr/share/bash-completion/bash_completion"),
  zsh: askZsh,
  fish: askFish,
};

/** Whether a candidate is the word, behind what was typed of a list or of --option=. @param {string} candidate @param {string} word */
function is(candidate, word) {
  const bare = candidate.replaceAll("\\", "").replace(/\/$/, "").trim();
  return bare === word || (bare.endsWith(word) && "=,/!@".includes(bare.at(-word.length - 1) ?? " "));
}

/** @param {Question[]} questions @param {Ask} ask @param {string} files @returns {string[]} what is wrong */
function wrongAnswers(questions, ask, files) {
  const folder = mkdtempSync(join(tmpdir(), "ringcap-completion-"));
  try {
    mkdirSync(join(folder, "captures"));
    for (const name of FILES) writeFileSync(join(folder, name), "");
    const all = ask(
      questions.map(({ line }) => line),
      files,
      folder,
    );
    if (all.length !== questions.length) return [`${all.length} answers to ${questions.length} questions`];
    return questions.flatMap(({ line, offers, lacks = [] }, index) => {
      const answer = all[index] ?? [];
      const has = /** @type {(word: string) => boolean} */ (word) => answer.some((candidate) => is(candidate, word));
      return [
        ...offers
          .filter((word) => !has(word))
          .map((word) => `"${line}" does not offer ${word}: ${answer.slice(0, 20)}`),
        ...lacks.filter(has).map((word) => `"${line}" offers ${word}`),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {Place[]} places @returns {Question[]} a question for each command: all its options */
function optionQuestions(places) {
  return places
    .filter(({ path: [first] }) => first !== "help")
    .flatMap(({ path, options }) => {
      const words = ["ringcap", ...path].join(" ");
      const long = options.flatMap(({ names }) => names.filter((name) => name.startsWith("--")));
      const short = options
        .filter(({ names }) => names.every((name) => !name.startsWith("--")))
        .flatMap(({ names }) => names);
      return [
        { line: `${words} --`, offers: long },
        { line: `${words} -`, offers: short },
      ];
    });
}

/** @param {Place} place @returns {Question[]} questions for a command behind -- of another one */
function nestedQuestions({ path, behindSeparator }) {
  if (behindSeparator !== "ringcap") return [];
  const words = `ringcap ${path.join(" ")} --`;
  return [
    { line: `${words} wat`, offers: ["watch"] },
    { line: `${words} watch --trig`, offers: ["--trigger"] },
    { line: `${words} top --by ds`, offers: ["dst", "dst-port"] },
  ];
}

/** @param {string} files the directory of the completions @returns {Promise<string>} what was asked */
export async function checkCompletions(files) {
  installDebianPackages(["bash-completion", "zsh", "fish", "bsdutils"]);
  const { Program } = await import("../../dist/cli/program.js");
  const places = everyCommand(describeProgram(new Program().declareAll()));
  const questions = [...QUESTIONS, ...optionQuestions(places), ...places.flatMap(nestedQuestions)];
  const wrong = Object.entries(SHELLS).flatMap(([shell, ask]) => {
    return wrongAnswers(questions, ask, files).map((answer) => `${shell}: ${answer}`);
  });
  if (wrong.length > 0) throw new Error(`\n${wrong.join("\n")}`);
  const options = questions.flatMap(({ offers }) => offers).length;
  return `${Object.keys(SHELLS).join(", ")}: ${questions.length} lines, ${options} words and options`;
}
