/** Prints everything the command line says: messages on standard error, reports and lists on standard output. */

import { RingcapError, reasonOf } from "../errors.ts";
import { printable, printableColouredLines, printableLines, printableMessage } from "../outputs/index.ts";
import type { CapturedInterface } from "../packets/index.ts";
import type { PacketReport, RotationCounts } from "../pipeline/index.ts";
import { counted } from "./counted.ts";
import { isJournal, type Priority, withPriority } from "./journal.ts";
import { inFlags, messageInFlags } from "./option-words.ts";
import { eraseProgress } from "./progress.ts";
import { onFailedPrint, STDERR, stderr, stdout } from "./standard-streams.ts";

const COLOURS = { red: "\u001b[31m", yellow: "\u001b[33m" } as const;
const PLAIN = "\u001b[39m";

/** Colours a text for a terminal, unless NO_COLOR is set (no-color.org). */
function coloured(colour: keyof typeof COLOURS, text: string): string {
  const wanted = stderr.isTerminal && !process.env.NO_COLOR;
  return wanted ? `${COLOURS[colour]}${text}${PLAIN}` : text;
}

/**
 * Prints lines as they are. Text in them that others chose cannot begin a line of its own.
 *
 * @param priority of the lines in the journal
 */
export function say(text: string, priority: Priority = "info"): void {
  write(printableLines(text), priority);
}

let isForJournal = false;

/** From here on, messages have their priority where standard error goes to the journal. It is for services. */
export function givePriorities(): void {
  isForJournal = isJournal(STDERR);
}

function write(text: string, priority: Priority): void {
  eraseProgress();
  stderr.write(`${isForJournal ? withPriority(text, priority) : text}\n`);
}

/** Prints what the user asked for: reports and lists. */
export function print(text: string): void {
  stdout.write(printableLines(text));
}

/** Prints a report that has colours of its own. */
export function printColoured(text: string): void {
  stdout.write(printableColouredLines(text));
}

/**
 * A reader that went away has seen enough. A full disk is a failure, which is known only after the command has
 * returned.
 */
onFailedPrint((failure) => {
  if (failure instanceof RingcapError && failure.code === "OUTPUT_CLOSED") return;
  sayError(failure);
  process.once("exit", () => {
    process.exitCode ||= 1;
  });
});

export function sayNote(note: string): void {
  write(`ringcap: ${printableMessage(inFlags(note))}`, "notice");
}

export function sayWarning(warning: string): void {
  write(`ringcap: ${coloured("yellow", "warning:")} ${printableMessage(inFlags(warning))}`, "warning");
}

export function sayFailure(message: string): void {
  write(`ringcap: ${coloured("red", "error:")} ${printableMessage(message)}`, "error");
}

export function sayError(error: unknown): void {
  sayFailure(error instanceof RingcapError ? messageInFlags(error) : reasonOf(error));
  if (error instanceof RingcapError && error.hint !== undefined) sayNote(error.hint);
  if (!(error instanceof RingcapError) && error instanceof Error && error.stack !== undefined)
    say(error.stack, "error");
}

export function listeningLine(captured: CapturedInterface, snapshotLength?: number): string {
  const { name, hook, direction, link } = captured;
  const where = `listening on ${printable(name)} (${hook}, ${direction}), link-type ${link.name} (${link.description})`;
  return snapshotLength === undefined ? where : `${where}, snapshot length ${counted(snapshotLength, "byte")}`;
}

/** Returns tcpdump's three lines of counts, and others where packets were left out or interfaces dropped some. */
export function countLines(packets: PacketReport, interfaceDropped = 0): string {
  const lines = [
    `${counted(packets.written, "packet")} captured`,
    `${counted(packets.matched, "packet")} received by filter`,
    ...leftOutLines(packets),
    `${counted(packets.ringDropped, "packet")} dropped by kernel`,
  ];
  if (interfaceDropped > 0) lines.push(`${counted(interfaceDropped, "packet")} dropped by interface`);
  return lines.join("\n");
}

/** Returns the lines that say what sampling and a rate limit left out. */
export function leftOutLines({ sampledOut, rateLimited }: Pick<PacketReport, "sampledOut" | "rateLimited">): string[] {
  return [
    ...(sampledOut > 0 ? [`${counted(sampledOut, "packet")} sampled out`] : []),
    ...(rateLimited > 0 ? [`${counted(rateLimited, "packet")} beyond the rate limit`] : []),
  ];
}

/** Returns the line that says what became of the files of a rotated capture. */
export function fileLine({ written, removed, onFileFailed }: RotationCounts): string {
  const rest = [
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(onFileFailed > 0 ? [`--on-file failed for ${onFileFailed}`] : []),
  ];
  return [`${counted(written, "file")} written`, ...rest].join(", ");
}

/**
 * Returns the warning about lost packets. It is undefined when every packet that matched was written, or left out as
 * the options ask.
 *
 * @param unreadable packets of `ringDropped` for which there was room, but whose bytes the kernel did not give
 */
export function lossWarning(packets: PacketReport, unreadable = 0): string | undefined {
  const { matched, ringDropped, writeFailed } = packets;
  const losses: string[] = [];
  const full = ringDropped - unreadable;
  if (full > 0) losses.push(`${full} found the ring full (a larger --buffer-size or a narrower filter helps)`);
  if (unreadable > 0) losses.push(`${unreadable} had bytes that the kernel did not give`);
  if (writeFailed > 0) losses.push(`${writeFailed} could not be written`);
  if (losses.length === 0) return undefined;
  return `the capture is incomplete: of ${counted(matched, "packet")} that matched, ${losses.join(" and ")}`;
}
