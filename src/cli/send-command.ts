/** Runs `ringcap send`. */

import type { RingcapError } from "../errors.ts";
import { PrivilegePlan } from "../host/index.ts";
import { printable, printableJson } from "../outputs/index.ts";
import { type SendReport, type SendSession, send } from "../send/index.ts";
import { counted } from "./counted.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { print, say, sayError, sayNote, sayWarning } from "./messages.ts";
import { showProgress } from "./progress.ts";
import { type SendFlags, toSendOptions } from "./send-options.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";

/** Runs the command. @returns the exit code */
export async function runSend(file: string, flags: SendFlags): Promise<number> {
  const onNote = flags.quiet ? undefined : sayNote;
  const privileges = new PrivilegePlan(flags.user);
  // A pipe that nobody writes to is waited for at this point, where a signal has to end the process.
  await using session = await send(file, { ...toSendOptions(flags), onNote });
  giveUp(privileges, session.prepareForFewerPrivileges(), { onNote });
  onStopSignal(() => session.stop());
  if (!flags.quiet) say(printable(`sending ${session.file} to ${session.interface.name}`));
  onUserSignals({ statistics: () => say(formatSending(session.progress())) });
  const hideProgress = flags.quiet ? () => {} : showProgress(() => formatSending(session.progress()));
  let failure: unknown;
  try {
    await session.run();
  } catch (error) {
    failure = error;
  }
  hideProgress();
  return finish(session.report(), failure, flags);
}

function finish(report: SendReport, failure: unknown, flags: SendFlags): number {
  if (failure !== undefined) sayError(failure);
  for (const warning of warningsOf(report)) sayWarning(warning);
  if (flags.json) print(`${printableJson(report)}\n`);
  else if (!flags.quiet) say(summaryLines(report));
  if (failure !== undefined) return exitCodeOf(failure as RingcapError);
  return report.frames.failed > 0 || report.interface.transmitDropped > 0 ? 1 : 0;
}

const CAUSES: Readonly<Record<string, string>> = {
  EMSGSIZE: "longer than the interface takes (its MTU and the link header)",
  EINVAL: "shorter than a link header",
  ENOBUFS: "for which the interface had no room (of a veth also: longer than the other end's MTU)",
  EAGAIN: "for which the interface had no room",
  refused: "that the driver never took (of a veth: longer than the other end's MTU)",
};

export function warningsOf({ frames, errors, interface: { name, transmitDropped } }: SendReport): string[] {
  const warnings: string[] = [];
  if (frames.failed > 0) {
    const causes = Object.entries(errors).map(([cause, count]) => `${count} ${CAUSES[cause] ?? `(${cause})`}`);
    warnings.push(`${counted(frames.failed, "frame")} not sent: ${causes.join(", ")}`);
  }
  if (transmitDropped > 0) {
    warnings.push(`${name} dropped ${counted(transmitDropped, "frame")} on the way out, whoever sent them`);
  }
  return warnings;
}

export function summaryLines({ frames, bytes, seconds, rate, lateness, shortened }: SendReport): string {
  const lines = [
    `${counted(frames.sent, "frame")} sent, ${counted(bytes.sent, "byte")}, in ${seconds.toFixed(3)} s`,
    `${formatRate(rate.framesPerSecond, rate.bitsPerSecond)}`,
    `${counted(frames.failed, "frame")} not sent`,
  ];
  if (frames.truncated > 0) lines.push(`${counted(frames.truncated, "frame")} of the file cut short, and sent so`);
  if (shortened.gaps > 0) {
    lines.push(`${counted(shortened.gaps, "gap")} of the file shortened, by ${shortened.seconds.toFixed(1)} s in all`);
  }
  if (lateness !== null) {
    lines.push(
      `sent ${lateness.mean.toFixed(1)} us after their time on average, ${lateness.max.toFixed(1)} us at most`,
    );
  }
  return lines.join("\n");
}

export function formatSending(progress: ReturnType<SendSession["progress"]>): string {
  const { frames, bytes, seconds, position, size } = progress;
  const share = size > 0 && position < size ? ` (${Math.floor((100 * position) / size)} %)` : "";
  return `${frames.toLocaleString("en")} frames${share}, ${formatRate(frames / seconds, (8 * bytes) / seconds)}`;
}

function formatRate(framesPerSecond: number, bitsPerSecond: number): string {
  return `${scaled(framesPerSecond)}frames/s, ${scaled(bitsPerSecond)}bit/s`;
}

/** Returns a number with three or more digits and a prefix for thousands, which precedes a unit: "8.13 M". */
function scaled(value: number): string {
  const prefixes = ["", "k", "M", "G", "T"];
  let scale = 0;
  while (value >= 1000 && scale < prefixes.length - 1) {
    value /= 1000;
    scale++;
  }
  return `${value.toFixed(scale === 0 ? 0 : 2)} ${prefixes[scale]}`;
}
