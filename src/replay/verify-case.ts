/** Runs one case of a suite: puts a capture through its filter, and compares what comes out with what is expected. */

import { RingcapError, reasonOf } from "../errors.ts";
import { CaptureFileError, type CaptureFileFault, escapeText } from "../pcap-parser/index.ts";
import { runIntoSink } from "../pipeline/run.ts";
import { formatMismatch, GoldenComparison } from "./golden.ts";
import { checkReplayOptions, type ReplayOptions } from "./options.ts";
import type { CaseOutcome, VerifyOptions } from "./outcome.ts";
import { openReplay, type ReplaySession } from "./session.ts";
import type { Expectation, Suite, SuiteCase, SuiteOptions } from "./suite.ts";
import type { SuiteUpdate } from "./suite-update.ts";
import { VerifyingSink } from "./verifying-sink.ts";

/** Bytes of a list of ports or addresses. */
const LIST_BYTES_MAX = 16 << 20;

export interface CaseOptions extends VerifyOptions {
  /** Ends the suite after so many seconds. */
  readonly signal: AbortSignal;
  readonly seconds: number;
}

/** @param update what is to be rewritten by what comes out; undefined: nothing */
export async function runCase(
  suite: Suite,
  entry: SuiteCase,
  options: CaseOptions,
  update: SuiteUpdate | undefined,
): Promise<CaseOutcome> {
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
    options.signal.throwIfAborted();
    const readList = (name: string) => {
      using list = suite.files.open(name);
      return list.readText(LIST_BYTES_MAX);
    };
    const settings = checkReplayOptions(replayOptions(entry.options, options), readList);
    using capture = suite.files.open(entry.capture);
    await using session = await openReplay(capture, settings);
    outcome.engine = session.engine;
    outcome.hook = session.hook;
    await compare(suite, session, entry.expect, outcome, options, update);
  } catch (error) {
    outcome.error = caseError(entry, options.signal.aborted ? lateness(entry, options.seconds) : error);
  }
  return outcome;
}

async function compare(
  { files }: Suite,
  session: ReplaySession,
  expect: Expectation,
  outcome: CaseOutcome,
  { signal }: CaseOptions,
  update: SuiteUpdate | undefined,
): Promise<void> {
  using golden = expect.file === undefined ? undefined : files.find(expect.file);
  const isNew = expect.file !== undefined && golden === undefined;
  if (isNew && update === undefined) {
    const operation = `compare with ${escapeText(expect.file ?? "")}`;
    const hint = "`ringcap verify --update` makes it from what comes out now";
    throw new RingcapError(`${operation}: there is no such file`, { code: "INPUT", operation, hint });
  }
  await using comparison =
    golden === undefined ? undefined : await GoldenComparison.open(golden, session.link.linkType, signal);
  using replacement = expect.file === undefined ? undefined : update?.replace(expect.file, golden);
  const sink = new VerifyingSink(session, comparison, replacement);
  const { seconds, failures } = await runIntoSink(session, sink);
  if (failures[0] !== undefined) throw failures[0];
  await comparison?.finish();
  signal.throwIfAborted();
  outcome.seconds = seconds;
  outcome.packets = sink.packetsWritten;
  outcome.sha256 = sink.sha256;
  outcome.mismatch = comparison?.mismatch ?? null;
  outcome.differences = differences(expect, outcome, isNew);
  if (replacement !== undefined && (isNew || outcome.mismatch !== null)) update?.commit(replacement);
}

function differences(expect: Expectation, outcome: CaseOutcome, isNew: boolean): string[] {
  const found: string[] = [];
  const file = escapeText(expect.file ?? "");
  if (expect.packets !== undefined && expect.packets !== outcome.packets) {
    const match = outcome.packets === 1 ? "1 packet matches" : `${outcome.packets} packets match`;
    found.push(`${match}, expected ${expect.packets}`);
  }
  if (isNew) found.push(`${file} did not exist`);
  if (outcome.mismatch !== null) found.push(`differs from ${file}: ${formatMismatch(outcome.mismatch)}`);
  if (expect.sha256 !== undefined && expect.sha256 !== outcome.sha256) {
    found.push(`the SHA-256 is ${outcome.sha256}, expected ${expect.sha256}`);
  }
  return found;
}

/** What the suite and the caller ask for together. */
function replayOptions(options: SuiteOptions, { engine, hook, onNote, signal }: CaseOptions): ReplayOptions {
  const { snapshotLength, sample, rateLimit, seed, count, engine: ownEngine, hook: ownHook, ...filter } = options;
  const admission = { sample, rateLimit, seed };
  // A case that names its program can still be run without the kernel.
  const wantedHook = engine === "user" ? hook : (hook ?? ownHook);
  return { snapshotLength, ...admission, count, engine: engine ?? ownEngine, hook: wantedHook, filter, signal, onNote };
}

function lateness({ name }: SuiteCase, seconds: number): RingcapError {
  const operation = `verify "${escapeText(name)}"`;
  const message = `${operation}: the suite took longer than ${seconds} s`;
  return new RingcapError(message, { code: "INPUT", operation, hint: "--timeout gives it more" });
}

const FAULTS: Readonly<Record<CaptureFileFault, string>> = {
  truncated: "the file is cut off",
  corrupt: "the file is broken",
  unsupported: "it is not a capture file, or one of a kind that is not read",
};

/** The content of a file that may belong to anybody is not told. The message says where it is wrong and how. */
function caseError({ name }: SuiteCase, error: unknown): RingcapError {
  if (error instanceof CaptureFileError) {
    const { operation, offset, reason, code } = error;
    const hint = error.hint ?? "`ringcap replay` of that file says more";
    return new RingcapError(`${operation}: byte ${offset}: ${FAULTS[reason]}`, { code, operation, hint });
  }
  return asRingcapError(`"${escapeText(name)}"`, error);
}

/** @param what was verified */
export function asRingcapError(what: string, error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  const operation = `verify ${what}`;
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "INTERNAL", operation, cause: error });
}
