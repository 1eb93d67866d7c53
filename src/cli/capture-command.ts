/** `ringcap capture`. */
import { commonLinkType } from "../capture/pcap-chunks.ts";
import { type Recording, record } from "../capture/record.ts";
import { type CaptureSession, capture } from "../capture/session.ts";
import { openByteOutput } from "../capture/sinks/byte-output.ts";
import { OutputFile } from "../capture/sinks/output-file.ts";
import type { PacketSink } from "../capture/sinks/sink.ts";
import { type CaptureFlags, toCaptureOptions } from "./capture-options.ts";
import { type OutputPlan, planOutput } from "./capture-output.ts";
import { refuseExpression } from "./filter-options.ts";
import { formatInterfaceList } from "./interface-list.ts";
import { CountingSink, LineSink } from "./line-sink.ts";
import { countLines, listeningLine, lossWarning, print, say, sayError, sayNote, sayWarning } from "./messages.ts";
import { onStopSignal } from "./stop-signals.ts";

const STDOUT = 1;

/** @returns the exit code */
export async function runCapture(expression: readonly string[], flags: CaptureFlags): Promise<number> {
  if (flags.listInterfaces) {
    print(formatInterfaceList());
    return 0;
  }
  refuseExpression(expression);
  const options = toCaptureOptions(flags);
  const plan = planOutput(flags);
  // Before the signals: a named pipe without a reader blocks here, and then a signal has to end the process.
  const file = plan.path === undefined ? undefined : new OutputFile(plan.path);
  const stop = new AbortController();
  onStopSignal(() => stop.abort());

  let session: CaptureSession | undefined;
  let sink: PacketSink;
  try {
    const onNote = flags.quiet ? undefined : sayNote;
    const onDetail = flags.verbose && !flags.quiet ? sayNote : undefined;
    session = await capture({ ...options, signal: stop.signal, onNote, onDetail });
    sink = await openSink(session, file, plan, flags);
  } catch (error) {
    await session?.stop();
    file?.abandon();
    throw error;
  }
  if (!flags.quiet) {
    for (const captured of session.interfaces) say(listeningLine(captured, session.snapshotLength));
  }
  const recording = await record(session, sink, plan.path === undefined ? [] : [plan.path]);
  return report(recording, flags);
}

async function openSink(
  session: CaptureSession,
  file: OutputFile | undefined,
  plan: OutputPlan,
  flags: CaptureFlags,
): Promise<PacketSink> {
  if (file !== undefined) {
    const { linkType } = commonLinkType(session);
    return file.begin({ linkType, snapshotLength: session.snapshotLength, precision: plan.precision });
  }
  if (flags.json) return new CountingSink();
  return new LineSink(openByteOutput(STDOUT, "standard output"), session.interfaces, {
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
    timeStampPrecision: plan.precision,
  });
}

function report({ report, failures }: Recording, flags: CaptureFlags): number {
  // A reader that has seen enough, `| head` for one, is no failure.
  const closed = failures.some((failure) => failure.code === "OUTPUT_CLOSED");
  const faults = failures.filter((failure) => failure.code !== "OUTPUT_CLOSED");
  for (const fault of faults) sayError(fault);
  const loss = closed ? undefined : lossWarning(report.packets);
  if (loss !== undefined) sayWarning(loss);
  if (flags.json) {
    const text = JSON.stringify(report);
    if (flags.write === "-") say(text);
    else print(`${text}\n`);
  } else if (!flags.quiet) {
    say(countLines(report.packets));
  }
  return faults.length > 0 || loss !== undefined ? 1 : 0;
}
