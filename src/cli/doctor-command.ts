/** Runs `ringcap doctor`, which shows what this host can do, what is missing, and the command that mends it. */

import { type Diagnosis, diagnose } from "../doctor/index.ts";
import { printableJson } from "../outputs/index.ts";
import { formatDoctorReport } from "./doctor-report.ts";
import { print, printColoured } from "./messages.ts";

export interface DoctorOptions {
  /** Whether one JSON object is printed instead of the report. */
  readonly json: boolean;
}

/** Writes to standard output. @returns the exit code: 0 when a capture can work, 1 when something it needs is missing */
export function runDoctor({ json }: DoctorOptions): number {
  const diagnosis = diagnose();
  if (json) print(formatDoctorJson(diagnosis));
  else printColoured(formatDoctorReport(diagnosis, { colour: wantsColour() }));
  return diagnosis.canCapture || diagnosis.canCaptureAtPacket ? 0 : 1;
}

export function formatDoctorJson(diagnosis: Diagnosis): string {
  return `${printableJson({ version: 1, ...diagnosis }, 2)}\n`;
}

/** Whether the report has colours. hasColors() considers NO_COLOR and TERM. */
function wantsColour(): boolean {
  return process.stdout.isTTY === true && process.stdout.hasColors();
}
