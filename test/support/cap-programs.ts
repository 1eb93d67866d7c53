/** Programs that use `ringcap/cap` in place of npm's `cap`, in a namespace of a test network. */
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { End, TestNetwork } from "./network.ts";
import { temporaryDirectory } from "./temporary.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface CapProgram {
  /** The next line that it prints. */
  line(): Promise<string>;
  /** Lets it go on where it waits for the end of its standard input. */
  end(): void;
  /** Waits until it has ended by itself. @returns the lines that were left, and what it wrote on standard error */
  ended(): Promise<{ lines: string[]; stderr: string; code: number | null }>;
}

export interface ProgramOptions {
  readonly end?: End;
  /** With "mjs" it is a module. Default: "cjs", which has require(). */
  readonly extension?: "cjs" | "mjs";
  /** Words before `node`. */
  readonly prefix?: readonly string[];
}

/** Starts a program beside whose file `ringcap` is installed. Only inside a test. */
export function startCapProgram(network: TestNetwork, text: string, options: ProgramOptions = {}): CapProgram {
  const { end = "b", extension = "cjs", prefix = [] } = options;
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(repository, join(directory, "node_modules/ringcap"));
  const file = join(directory, `program.${extension}`);
  writeFileSync(file, text);
  const [command = "", ...words] = [...prefix, process.execPath, file];
  const child = network.spawn(end, command, words);
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, "close");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the program ended early: ${stderr}`);
      return value;
    },
    end: () => child.stdin.end(),
    ended: async () => {
      const left: string[] = [];
      for await (const line of { [Symbol.asyncIterator]: () => lines }) left.push(line);
      const [code] = await closed;
      return { lines: left, stderr, code };
    },
  };
}
