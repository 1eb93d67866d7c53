/** Runs the steps of a composite action as GitHub's runner does. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { type RunResult, run } from "./run.ts";

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly { id: string; run: string; env: Readonly<Record<string, string>> }[] };
}

export function readAction(path: string): Action {
  return parse(readFileSync(path, "utf8"));
}

export interface ActionRun extends RunResult {
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
}

export interface ActionOptions {
  /** The working directory of the job, in which nothing but the action writes. */
  readonly workspace: string;
  /** The only directory of the path. */
  readonly tools: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Words before bash, such as those of setpriv. */
  readonly prefix?: readonly string[];
}

/** Runs the one step of an action by `bash --noprofile --norc -e -o pipefail`, which is what `shell: bash` means. */
export async function runAction(path: string, options: ActionOptions): Promise<ActionRun> {
  const { workspace, tools, inputs, prefix = [] } = options;
  const { inputs: declared, runs } = readAction(path);
  const [step] = runs.steps;
  if (step === undefined) throw new Error("the action has no step");
  const value = (name: string) => inputs[name] ?? declared[name]?.default ?? "";
  const variables = Object.entries(step.env).map(([variable, expression]) => [
    variable,
    expression.replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name) => value(name)),
  ]);
  const files = { script: "script.sh", GITHUB_OUTPUT: "output", GITHUB_STEP_SUMMARY: "summary" } as const;
  const temporary = join(workspace, "..", "runner");
  mkdirSync(temporary, { recursive: true, mode: 0o777 });
  const at = (name: keyof typeof files) => join(temporary, files[name]);
  writeFileSync(at("script"), step.run);
  for (const name of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] as const) {
    writeFileSync(at(name), "");
    chmodSync(at(name), 0o666); // The step may run as another user.
  }
  const [command = "bash", ...words] = [
    ...prefix,
    "bash",
    "--noprofile",
    "--norc",
    "-e",
    "-o",
    "pipefail",
    at("script"),
  ];
  const result = await run(command, words, {
    cwd: workspace,
    env: {
      PATH: tools,
      RUNNER_TEMP: temporary,
      GITHUB_ACTION_PATH: resolve(dirname(path)),
      GITHUB_OUTPUT: at("GITHUB_OUTPUT"),
      GITHUB_STEP_SUMMARY: at("GITHUB_STEP_SUMMARY"),
      ...Object.fromEntries(variables),
    },
  });
  const lines = readFileSync(at("GITHUB_OUTPUT"), "utf8").split("\n").slice(0, -1);
  const outputs = new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  return { ...result, outputs, summary: readFileSync(at("GITHUB_STEP_SUMMARY"), "utf8") };
}

const COREUTILS = [
  "bash",
  "sh",
  "env",
  "sed",
  "grep",
  "realpath",
  "dirname",
  "mkdir",
  "rm",
  "od",
  "tr",
  "cat",
  "cp",
  "setpriv",
];

/** Makes a directory of commands, which has what scripts of every Linux have, node, and the given files. */
export async function toolbox(directory: string, files: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const found = await run("which", COREUTILS);
  for (const path of found.stdout.trim().split("\n")) symlinkSync(path, join(directory, path.split("/").pop() ?? ""));
  symlinkSync(process.execPath, join(directory, "node"));
  for (const [name, text] of Object.entries(files)) {
    if (text.startsWith("#!")) writeFileSync(join(directory, name), text, { mode: 0o755 });
    else symlinkSync(text, join(directory, name));
  }
  return directory;
}
