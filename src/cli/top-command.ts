/** Runs `ringcap top`: the heaviest keys of each interval, by the counts of the kernel. No packet leaves the kernel. */
import { setTimeout as pause } from "node:timers/promises";
import { CaptureSession, planCapture, startCapture } from "../capture/index.ts";
import { RingcapError } from "../errors.ts";
import { TopSampler, type TopView, topLine, topLines } from "../flood/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { type ByteOutput, openByteOutput, printableJson, printableLines } from "../outputs/index.ts";
import { formatIsoTime } from "./connection-line.ts";
import { counted } from "./counted.ts";
import { listeningLine, say, sayNote } from "./messages.ts";
import { ScreenWriter } from "./screen-writer.ts";
import { STDOUT, stdout } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";
import { canDraw } from "./terminal-screen.ts";
import { ROWS_DEFAULT, type TopFlags, toTopSettings } from "./top-options.ts";
import { TopScreen } from "./top-screen.ts";
import { giveUp } from "./user-option.ts";

/** So many entries of each table can be sorted by bytes and by SYNs. */
const ENTRIES_MOST = 200;

/** Runs the command. @returns the exit code */
export async function runTop(expression: readonly string[], flags: TopFlags): Promise<number> {
  const { options, interval, rows, count } = toTopSettings(flags, expression);
  const onNote = flags.quiet ? undefined : sayNote;
  const stop = new AbortController();
  const output = openByteOutput(STDOUT, "standard output");
  const plan = planCapture({ ...options, signal: stop.signal, onNote });
  const privileges = new PrivilegePlan(flags.user, undefined);
  onStopSignal(
    () => stop.abort(),
    () => output.abandon(),
  );
  await using session = await startCapture({ ...plan, givesUpPrivileges: !privileges.keepsAll }, CaptureSession);
  if (!privileges.keepsAll) giveUp(privileges, session.prepareForFewerPrivileges(), { onNote });
  const { counts } = session;
  if (counts === undefined) throw new Error("the session counts nothing");
  const sampler = new TopSampler(counts);
  if (!flags.quiet) for (const captured of session.interfaces) say(listeningLine(captured));
  const ended = takeNothing(session).finally(() => stop.abort());
  const display =
    canDraw(stdout.isTerminal, process.env.TERM) && !flags.json ? new ScreenDisplay(output, rows, stop) : undefined;
  const show = display?.show ?? ((view: TopView) => printView(output, view, flags.json ?? false, rows));
  let due = performance.now();
  try {
    for (let shown = 0; shown < count; shown++) {
      due = Math.max(due + interval * 1000, performance.now());
      // A stop ends the pause, and what was counted until then is shown.
      await pause(due - performance.now(), undefined, { signal: stop.signal }).catch(() => {});
      // What a reader that stalls has not taken holds up nothing: the window goes on until it has.
      await Promise.race([show(sampler.next(ENTRIES_MOST)), ended]);
      if (stop.signal.aborted) break;
    }
  } catch (error) {
    if (!(error instanceof RingcapError && error.code === "OUTPUT_CLOSED")) throw error;
  } finally {
    display?.close();
    session.requestStop();
  }
  await ended;
  if (!flags.quiet) {
    const { packets, bytes } = counts.totals();
    const peak = Math.round(sampler.peak).toLocaleString("en");
    say(`${counted(packets, "packet")} of ${counted(bytes, "byte")} matched, at most ${peak} packets a second`);
  }
  return 0;
}

/** Waits for the end of a session that has no packets to yield. */
async function takeNothing(session: CaptureSession): Promise<void> {
  for await (const _ of session);
}

async function printView(output: ByteOutput, view: TopView, asJson: boolean, rows = ROWS_DEFAULT): Promise<void> {
  const text = asJson
    ? printableJson(topLine(view, formatIsoTime(view.beganAt), rows))
    : printableLines([...topLines(view, { rows, order: "packets" }), ""].join("\n"));
  await output.write(Buffer.from(`${text}\n`));
}

/** Draws on the terminal, and leaves out what a terminal that stalls has no time for. */
class ScreenDisplay {
  readonly #writer: ScreenWriter;
  readonly #screen: TopScreen;

  constructor(output: ByteOutput, rows: number | undefined, stop: AbortController) {
    this.#writer = new ScreenWriter(output);
    const { write, writeNow } = this.#writer;
    this.#screen = new TopScreen({ write, writeNow, rows, onQuit: () => stop.abort() });
  }

  readonly show = async (view: TopView): Promise<void> => this.#screen.show(view);

  close(): void {
    this.#writer.close(this.#screen.close());
  }
}
