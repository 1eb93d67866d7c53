/**
 * Loads the libraries that only some commands need, and that are installed beside ringcap by whoever uses these. They are required
 * and not imported, because the command line is a script that V8 has compiled before, which cannot import (docs/architecture.md).
 */
import { createRequire } from "node:module";
import { errnoOf, RingcapError } from "../errors.ts";

/**
 * @param names of the package, and of files in it
 * @param operation what it is needed for, such as "write Parquet"
 * @returns what each of them exports @throws RingcapError INSTALLATION where it is not there
 */
export function optionalLibrary(names: readonly [string, ...string[]], operation: string): readonly unknown[] {
  const [name] = names;
  try {
    const require = createRequire(import.meta.url);
    return names.map((path) => require(path));
  } catch (cause) {
    const isMissing = errnoOf(cause) === "MODULE_NOT_FOUND";
    const what = isMissing ? `the package ${name} is not installed` : `the package ${name} cannot be loaded: ${cause}`;
    throw new RingcapError(`${operation}: ${what}`, {
      code: "INSTALLATION",
      operation,
      hint: `npm install ${name}, beside ringcap; or npm install -g ${name}, where ringcap is installed so`,
      cause,
    });
  }
}
