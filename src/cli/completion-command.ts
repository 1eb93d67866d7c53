/** Runs `ringcap completion`, which prints a file of packaging/completion. `npm run manual` makes these files. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RingcapError, reasonOf, wordError } from "../errors.ts";
import { print } from "./messages.ts";

/** The files by the names of their shells, which want files to be called so. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["bash", "ringcap.bash"],
  ["zsh", "_ringcap"],
  ["fish", "ringcap.fish"],
]);

/** Prints the completion. @returns the exit code @throws RingcapError USAGE for a shell that has none */
export function runCompletion(shell: string): number {
  const name = FILES.get(shell);
  if (name === undefined) throw wordError(shell, "there is no completion for this shell", "type bash, zsh or fish");
  const path = fileURLToPath(new URL(`../../packaging/completion/${name}`, import.meta.url));
  print(read(path));
  return 0;
}

/** @throws RingcapError INSTALLATION */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const operation = `read the completion ${path}`;
    throw new RingcapError(`${operation}: ${reasonOf(error)}`, {
      code: "INSTALLATION",
      operation,
      hint: "install ringcap anew: the package has this file",
      cause: error,
    });
  }
}
