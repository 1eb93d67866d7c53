/** Loads the command line, which the build puts into a few files, with the code that V8 made of them in an earlier run. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import vm from "node:vm";
import { keepCode, mayKeepCode, readKeptCode } from "./kept-code.ts";

export interface Program {
  /** Runs the command of the process, and ends the process. */
  run(): Promise<void>;
  /** Keeps the code of what has run so far, once. */
  keepCode(): void;
}

interface Entry {
  /** @param keepCode is called before the process gives up the right to write the code */
  run(keepCode: () => void): Promise<void>;
}

/** Modules of Node.js that take milliseconds to load, and that most runs do not need. */
const SELDOM_NEEDED: ReadonlySet<string> = new Set(
  ["child_process", "crypto", "fs/promises", "http", "net", "tty", "zlib"].map((name) => `node:${name}`),
);

interface Part {
  readonly file: string;
  readonly source: string;
  readonly script: vm.Script;
  /** What had run when the code was kept that this part was made of. */
  readonly keptFor: readonly string[];
  readonly module: { exports: unknown };
}

class Parts {
  readonly #directory: string;
  readonly #require: NodeJS.Require;
  readonly #loaded = new Map<string, Part>();

  constructor(directory: string) {
    this.#directory = directory;
    this.#require = createRequire(join(directory, "part.cjs"));
  }

  /** The exports of a part, which is run when it is first asked for. */
  load(name: string): unknown {
    const loaded = this.#loaded.get(name);
    if (loaded !== undefined) return loaded.module.exports;
    const part = compile(join(this.#directory, name));
    this.#loaded.set(name, part);
    const { module, file } = part;
    const require = Object.assign((id: string) => this.#find(id), this.#require);
    part.script.runInThisContext()(module.exports, require, module, file, this.#directory);
    return module.exports;
  }

  #find(id: string): unknown {
    if (id.startsWith("./")) return this.load(basename(id));
    return SELDOM_NEEDED.has(id) ? onceUsed(() => this.#require(id)) : this.#require(id);
  }

  /** Keeps the code of each part, where none was kept of a run that used the same parts. */
  keepCode(): void {
    const names = [...this.#loaded.keys()];
    for (const { file, source, script, keptFor } of this.#loaded.values()) {
      if (names.every((name) => keptFor.includes(name)) || !mayKeepCode(file)) continue;
      keepCode(file, source, { code: script.createCachedData(), uses: [...new Set([...keptFor, ...names])] });
    }
  }
}

/** Compiles a part, a CommonJS module of ASCII characters, as Node.js would. @throws what reading the file throws */
function compile(file: string): Part {
  const source = readFileSync(file, "latin1");
  const kept = readKeptCode(file, source);
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(kept === undefined ? {} : { cachedData: kept.code }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const keptFor = kept === undefined || script.cachedDataRejected === true ? [] : kept.uses;
  return { file, source, script, keptFor, module: { exports: {} } };
}

/** Stands for the exports of a module, which is loaded when one of them is asked for. */
function onceUsed(load: () => Record<PropertyKey, unknown>): unknown {
  return new Proxy({}, { get: (_, name) => load()[name] });
}

/** Loads the program of a file. */
export function loadProgram(file: string): Program {
  const parts = new Parts(dirname(file));
  const { run } = parts.load(basename(file)) as Entry;
  let isKept = false;
  const keepCode = () => {
    if (!isKept) parts.keepCode();
    isKept = true;
  };
  return { run: () => run(keepCode), keepCode };
}
