import { spawn } from "node:child_process";

/**
 * Runs a command, and resolves with the last line that it said, on either stream.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ signal: AbortSignal, killSignal: NodeJS.Signals }} ending
 * @returns {Promise<string>}
 * @throws {Error} with all that it said, where it fails
 */
export function lastLineOf(command, args, ending) {
  const child = spawn(command, args, { ...ending, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output.trimEnd().split("\n").at(-1) ?? "");
      else reject(new Error(`exit code ${code}\n${output}`));
    });
  });
}
