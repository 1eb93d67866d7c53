/** The files that --update may write: golden files, and the suite itself. */
import { closeSync, fsyncSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { RingcapError } from "../errors.ts";
import { escapeText } from "../pcap-parser/index.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileReplacement } from "./file-replacement.ts";
import type { CaseOutcome } from "./outcome.ts";
import type { Expectation, Suite, SuiteCase } from "./suite.ts";
import type { SuiteFile } from "./suite-files.ts";

export class SuiteUpdate {
  readonly #suite: Suite;
  /** Files that the suite reads, whatever their names are. */
  readonly #inputs: ReadonlySet<string>;
  readonly #written = new Set<string>();

  constructor(suite: Suite) {
    this.#suite = suite;
    this.#inputs = new Set([suite.file.identity, ...suite.cases.flatMap((entry) => identitiesOf(suite, entry))]);
  }

  /** Begins to write a golden file. @throws RingcapError INPUT or OUTPUT */
  replace(name: string, golden: SuiteFile | undefined): FileReplacement {
    if (golden !== undefined && this.#inputs.has(golden.identity)) {
      throw updateError(name, "the suite reads it as something else than a golden file");
    }
    return this.#suite.files.replace(name, golden);
  }

  /** Puts a golden file in its place. @throws RingcapError INPUT for one that another case has written */
  commit(replacement: FileReplacement): void {
    const { location, name } = replacement;
    if (this.#written.has(location)) throw updateError(name, "an earlier case wrote other packets into it");
    this.#written.add(location);
    replacement.commit();
  }

  /** Leaves the suite file alone when nothing in it changes. @throws RingcapError INPUT or OUTPUT */
  rewrite(outcomes: readonly CaseOutcome[]): void {
    const content = this.#suite.content as { cases: { expect: Expectation }[] };
    let changed = false;
    for (const [index, { error, packets, sha256 }] of outcomes.entries()) {
      const expect = content.cases[index]?.expect;
      if (expect === undefined || error !== undefined) continue;
      changed ||= (expect.packets ?? packets) !== packets || (expect.sha256 ?? sha256) !== sha256;
      if (expect.packets !== undefined) expect.packets = packets;
      if (expect.sha256 !== undefined) expect.sha256 = sha256;
    }
    if (changed) this.#write(`${JSON.stringify(content, null, 2)}\n`);
  }

  #write(text: string): void {
    const { files, file, path } = this.#suite;
    using replacement = files.replace(basename(path), file);
    try {
      writeFileSync(replacement.fd, text);
      fsyncSync(replacement.fd);
    } catch (error) {
      throw outputError(path, error);
    } finally {
      closeSync(replacement.fd);
    }
    replacement.commit();
  }
}

/** The keys of the capture and of the lists of a case. A file that cannot be opened is reported when the case runs. */
function identitiesOf({ files }: Suite, { capture, options }: SuiteCase): string[] {
  const lists = Object.values(options)
    .flat()
    .flatMap((item) => (typeof item === "string" && item.startsWith("@") ? [item.slice(1)] : []));
  return [capture, ...lists].flatMap((name) => {
    try {
      using file = files.open(name);
      return [file.identity];
    } catch (error) {
      if (error instanceof RingcapError) return [];
      throw error;
    }
  });
}

function updateError(name: string, reason: string): RingcapError {
  const operation = `write ${escapeText(name)}`;
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation });
}
