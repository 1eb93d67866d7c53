/** The name and version of the program, which files and messages state. */
import { readFileSync } from "node:fs";

export function ringcapVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (description as { version: string }).version;
}
