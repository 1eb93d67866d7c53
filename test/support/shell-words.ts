/** Command lines of ringcap as the words that a shell makes of them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Lets bash run the lines with a function in the place of ringcap. Nothing is written where a line writes a file.
 *
 * @returns for each time that a line runs ringcap: the words behind its name
 */
export function splitByShell(lines: readonly string[]): string[][] {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-words-"));
  const functions = ["ringcap() { printf '%s\\0' \"$@\" >&3; printf '\\n\\0' >&3; }", 'sudo() { "$@"; }'];
  const writeNothing = lines.map((line) => line.replaceAll(/ > [~/\w.-]+(?= &&|$)/g, ""));
  const script = `{\n${[...functions, ...writeNothing].join("\n")}\n} 3>&1 >/dev/null`;
  try {
    const text = execFileSync("bash", ["-euc", script], { cwd: directory, encoding: "utf8" });
    return text
      .split("\n\0")
      .slice(0, -1)
      .map((words) => words.split("\0").slice(0, -1));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
