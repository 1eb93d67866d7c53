/** The built command line as a process, and what it says. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CaptureReport } from "../../src/pipeline/run.ts";
import type { ReplayReport } from "../../src/replay/report.ts";

/** The built command line. */
export const main = fileURLToPath(new URL("../../dist/bundle/main.cjs", import.meta.url));

export interface StartOptions {
  /** Words before `node`, as TestNetwork.commandIn() gives them. */
  readonly prefix?: readonly string[];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The script that node runs. Default: the built command line. */
  readonly script?: string;
}

export interface RingcapExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The object that --json prints of a capture; of a replay it has these too. */
export type RunSummary = CaptureReport & Partial<Pick<ReplayReport, "engine" | "mismatch">>;

export interface RunningRingcap {
  readonly child: ChildProcessWithoutNullStreams;
  /** What has come so far. */
  stdout(): Buffer;
  stderr(): string;
  /** Resolves once packets are being captured; rejects with the standard error if the process ends before. */
  listening(): Promise<void>;
  /** Resolves with the match once standard error has it; rejects if the process ends without. */
  waitForStderr(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the process has ended and its output is complete; rejects only if it could not be started. */
  readonly exit: Promise<RingcapExit>;
  /** The one JSON object of standard output ("stderr": among the messages there), after the end of the process. */
  json<Summary = RunSummary>(stream?: "stdout" | "stderr"): Promise<Summary>;
}

/** Starts the built command line, `node dist/bundle/main.cjs`. Who calls it ends it. */
export function spawnRingcap(args: readonly string[], options: StartOptions = {}): RunningRingcap {
  const { prefix = [], env, cwd, script = main } = options;
  const [command = process.execPath, ...words] = [...prefix, process.execPath, script, ...args];
  const child = spawn(command, words, { env: { ...process.env, ...env }, cwd });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const stderrText = () => Buffer.concat(stderr).toString();
  child.stdin.on("error", () => {}); // it may end without reading
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const exit = new Promise<RingcapExit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: stderrText() }),
    );
  });
  exit.catch(() => {}); // a test that does not look at it must not fail of an unhandled rejection

  const waitForStderr = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).exec(stderrText());
        if (match !== null) {
          child.stderr.off("data", look);
          resolve(match);
        }
      };
      child.stderr.on("data", look);
      look();
      exit.then(({ code, signal, stderr: text }) => {
        look();
        reject(new Error(`ringcap ended (${signal ?? `exit code ${code}`}) before ${pattern} came:\n${text}`));
      }, reject);
    });

  return {
    child,
    stdout: () => Buffer.concat(stdout),
    stderr: stderrText,
    listening: async () => {
      await waitForStderr(/^listening on /m);
    },
    waitForStderr,
    exit,
    json: async <Summary>(stream: "stdout" | "stderr" = "stdout") => {
      const ended = await exit;
      const text = stream === "stdout" ? ended.stdout.toString() : (/^\{.*\}$/ms.exec(ended.stderr)?.[0] ?? "");
      try {
        return JSON.parse(text) as Summary;
      } catch (cause) {
        const how = ended.signal ?? `exit code ${ended.code}`;
        throw new Error(`no JSON object on ${stream} (${how}): ${text}\n${ended.stderr}`, { cause });
      }
    },
  };
}
