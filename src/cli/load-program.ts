/**
 * Loads the command line, which the build puts into one file, together with the code that V8 made of that file when it was
 * built. Compiling it anew would take a third of the time of a start.
 *
 * The code lies beside the file and is trusted as much as the file is. V8 takes it only if it is of the same version of V8,
 * of the same flags, and of a source of the same length (node:vm, "cachedData"); otherwise V8 compiles the file. The build
 * therefore removes the code before it writes the file.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import vm from "node:vm";

export interface Program {
  /** Runs the command of the process, and ends the process. */
  run(): Promise<void>;
}

/** Where the code of a file lies. */
export function codeCachePath(file: string): string {
  return `${file}.code-cache`;
}

/** Compiles the file, a CommonJS module, as Node.js would. @throws what reading the file throws */
export function compileProgram(file: string): vm.Script {
  const source = readFileSync(file, "utf8");
  const cachedData = readCodeCache(file);
  return new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function readCodeCache(file: string): Buffer | undefined {
  try {
    return readFileSync(codeCachePath(file));
  } catch {
    return undefined;
  }
}

export function loadProgram(file: string, script = compileProgram(file)): Program {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports as Program;
}
