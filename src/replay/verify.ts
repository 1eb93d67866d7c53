/** Runs a suite: each capture through its filter, and the outcome beside what the suite expects. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { BATCH_SIZE, type PacketBatch } from "../capture/packet-batch.ts";
import { runIntoSink } from "../capture/record.ts";
import { PcapFileSink } from "../capture/sinks/pcap-sinks.ts";
import type { PacketSink } from "../capture/sinks/sink.ts";
import { RingcapError, reasonOf } from "../errors.ts";
import type { ListOption } from "../filter/lists.ts";
import { openOutput, outputError, type PcapFormat, pcapFileHeader } from "../pcap-writer/index.ts";
import { formatMismatch, GoldenComparison, type Mismatch } from "./golden.ts";
import type { EngineChoice, ReplayHookChoice, ReplayOptions } from "./options.ts";
import { type ReplaySession, replay } from "./session.ts";
import { type Expectation, readSuite, type Suite, type SuiteCase, type SuiteOptions } from "./suite.ts";

export interface VerifyOptions {
  /** Instead of what the cases say. */
  engine?: EngineChoice | undefined;
  hook?: ReplayHookChoice | undefined;
  /** Rewrites what is expected by what comes out. */
  update?: boolean | undefined;
  onNote?: ((note: string) => void) | undefined;
}

export interface CaseOutcome {
  name: string;
  capture: string;
  /** Undefined when the case could not run. */
  engine: "kernel" | "user" | undefined;
  hook: "xdp" | "tc" | null | undefined;
  seconds: number;
  /** Packets that matched, and the SHA-256 of the file that they make. */
  packets: number;
  sha256: string;
  /** What was expected and is not so; with update, what was changed. */
  differences: string[];
  mismatch: Mismatch | null;
  /** Why the case could not run. */
  error: RingcapError | undefined;
}

export interface SuiteOutcome {
  path: string;
  cases: CaseOutcome[];
}

/** @throws RingcapError INPUT for a suite that cannot be read; what happens to a case is in its outcome */
export async function verifySuite(path: string, options: VerifyOptions = {}): Promise<SuiteOutcome> {
  const suite = readSuite(path);
  const cases: CaseOutcome[] = [];
  const updates = new Map<string, Expectation>();
  for (const entry of suite.cases) {
    const outcome = await runCase(suite, entry, options);
    cases.push(outcome);
    if (options.update && outcome.error === undefined) updates.set(entry.name, updated(entry.expect, outcome));
  }
  if (options.update) rewriteSuite(suite, updates);
  return { path, cases };
}

async function runCase(suite: Suite, entry: SuiteCase, options: VerifyOptions): Promise<CaseOutcome> {
  const outcome: CaseOutcome = {
    name: entry.name,
    capture: entry.capture,
    engine: undefined,
    hook: undefined,
    seconds: 0,
    packets: 0,
    sha256: "",
    differences: [],
    mismatch: null,
    error: undefined,
  };
  try {
    await using session = await replay(
      resolve(suite.directory, entry.capture),
      replayOptions(suite, entry.options, options),
    );
    outcome.engine = session.engine;
    outcome.hook = session.hook;
    const golden = entry.expect.file === undefined ? undefined : resolve(suite.directory, entry.expect.file);
    await compareWith(session, entry.expect, golden, outcome, options.update ?? false);
  } catch (error) {
    outcome.error = asRingcapError(entry, error);
  }
  return outcome;
}

async function compareWith(
  session: ReplaySession,
  expect: Expectation,
  golden: string | undefined,
  outcome: CaseOutcome,
  update: boolean,
): Promise<void> {
  const format = {
    linkType: session.link.linkType,
    snapshotLength: session.snapshotLength,
    precision: session.precision,
    fcsLength: session.fcsLength,
  };
  const isNew = golden !== undefined && !existsSync(golden);
  if (isNew && !update) {
    const operation = `compare with ${expect.file}`;
    const hint = "`ringcap verify --update` makes it from what comes out now";
    throw new RingcapError(`${operation}: there is no such file`, { code: "INPUT", operation, hint });
  }
  await using comparison =
    golden === undefined || isNew ? undefined : await GoldenComparison.open(golden, session.link.linkType);
  const temporary = golden !== undefined && update ? `${golden}.new` : undefined;
  const sink = new VerifyingSink(format, comparison, temporary);
  try {
    const { seconds, failures } = await runIntoSink(session, sink);
    if (failures[0] !== undefined) throw failures[0];
    await comparison?.finish();
    outcome.seconds = seconds;
    outcome.packets = sink.packetsWritten;
    outcome.sha256 = sink.sha256;
    outcome.mismatch = comparison?.mismatch ?? null;
    outcome.differences = differences(expect, outcome, isNew);
    if (temporary !== undefined && golden !== undefined && (isNew || outcome.mismatch !== null)) {
      renameSync(temporary, golden);
    }
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

function differences(expect: Expectation, outcome: CaseOutcome, isNew: boolean): string[] {
  const found: string[] = [];
  if (expect.packets !== undefined && expect.packets !== outcome.packets) {
    found.push(`${outcome.packets} packets match, expected ${expect.packets}`);
  }
  if (isNew) found.push(`${expect.file} did not exist`);
  if (outcome.mismatch !== null) found.push(`differs from ${expect.file}: ${formatMismatch(outcome.mismatch)}`);
  if (expect.sha256 !== undefined && expect.sha256 !== outcome.sha256) {
    found.push(`the SHA-256 is ${outcome.sha256}, expected ${expect.sha256}`);
  }
  return found;
}

/** What the suite and the caller ask for together. Lists in files are looked for beside the suite. */
function replayOptions(suite: Suite, options: SuiteOptions, { engine, hook, onNote }: VerifyOptions): ReplayOptions {
  const { snapshotLength, count, engine: ownEngine, hook: ownHook, ...filter } = options;
  const wantedEngine = engine ?? ownEngine;
  const located = Object.entries(filter).map(([key, value]) => [key, locate(suite, value)]);
  return {
    snapshotLength,
    count,
    engine: wantedEngine,
    // A case that names its program can still be run without the kernel.
    hook: engine === "user" ? hook : (hook ?? ownHook),
    filter: Object.fromEntries(located),
    onNote,
  };
}

function locate(suite: Suite, value: ListOption | undefined): ListOption | undefined {
  const one = (item: string | number) =>
    typeof item === "string" && item.startsWith("@") ? `@${resolve(suite.directory, item.slice(1))}` : item;
  return Array.isArray(value) ? value.map(one) : value === undefined ? undefined : one(value as string | number);
}

function updated(expect: Expectation, { packets, sha256 }: CaseOutcome): Expectation {
  return {
    ...expect,
    ...(expect.packets === undefined ? {} : { packets }),
    ...(expect.sha256 === undefined ? {} : { sha256 }),
  };
}

/** Leaves the file alone when nothing in it changes. */
function rewriteSuite(suite: Suite, updates: ReadonlyMap<string, Expectation>): void {
  const changed = suite.cases.some(({ name, expect }) => {
    const update = updates.get(name);
    return update !== undefined && (update.packets !== expect.packets || update.sha256 !== expect.sha256);
  });
  if (!changed) return;
  // As it stands in the file, with what it leaves out left out.
  const content = JSON.parse(readFileSync(suite.path, "utf8")) as { cases: { name: string; expect: Expectation }[] };
  for (const entry of content.cases) entry.expect = updates.get(entry.name) ?? entry.expect;
  try {
    writeFileSync(suite.path, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw outputError(suite.path, error);
  }
}

function asRingcapError(entry: SuiteCase, error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  const operation = `verify "${entry.name}"`;
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "INTERNAL", operation, cause: error });
}

/** Counts and hashes the pcap file that the packets make, compares them, and writes that file where it is wanted. */
class VerifyingSink implements PacketSink {
  readonly #comparison: GoldenComparison | undefined;
  readonly #file: PcapFileSink | undefined;
  readonly #precision: PcapFormat["precision"];
  readonly #buffer = new Uint8Array(BATCH_SIZE);
  readonly #hash = createHash("sha256");
  packetsWritten = 0;
  bytesWritten = 0;
  sha256 = "";

  constructor(format: PcapFormat, comparison: GoldenComparison | undefined, path: string | undefined) {
    this.#comparison = comparison;
    this.#file = path === undefined ? undefined : new PcapFileSink(openOutput(path, "w"), path, format);
    this.#precision = format.precision;
    this.#hash.update(pcapFileHeader(format));
  }

  async write(batch: PacketBatch): Promise<void> {
    await this.#comparison?.add(batch);
    const encoded = batch.pack(this.#buffer, this.#precision ?? "micro");
    this.#hash.update(encoded);
    this.#file?.write(batch);
    this.packetsWritten += batch.count;
    this.bytesWritten += encoded.length;
  }

  close(): void {
    this.sha256 = this.#hash.digest("hex");
    this.#file?.close();
  }
}
