/** The report of `ringcap doctor` for people. */
import { styleText } from "node:util";
import type { Check, CheckStatus, Diagnosis, InterfaceDiagnosis } from "../doctor/index.ts";
import { printable, shownWidth } from "../outputs/index.ts";

const COLOURS = { ok: "green", warning: "yellow", missing: "red" } as const;

interface Layout {
  readonly colour: boolean;
  /** The width of the names in columns. */
  readonly nameWidth: number;
}

/** The width of the longest status in columns. */
const STATUS_WIDTH = "missing".length;

export function formatDoctorReport(diagnosis: Diagnosis, options: { readonly colour: boolean }): string {
  const rows = [...diagnosis.checks, ...diagnosis.interfaces.flatMap(interfaceRows)];
  const layout = { ...options, nameWidth: Math.max(...rows.map(({ name }) => shownWidth(printable(name)))) };
  return [...rows.map((row) => formatCheck(row, layout)), "", verdict(diagnosis), ""].join("\n");
}

/** Makes one row of all that is well with an interface, and a row for each thing that is not. */
function interfaceRows({ name, checks }: InterfaceDiagnosis): Check[] {
  const well = checks.filter(({ status }) => status === "ok").map(({ finding }) => finding);
  const troubles = checks.filter(({ status }) => status !== "ok");
  return [
    ...(well.length > 0 ? [{ name, status: "ok", finding: well.join(", ") } as const] : []),
    ...troubles.map((check) => ({ ...check, name: `${name}: ${check.name}` })),
  ];
}

function formatCheck({ name, status, finding, remedy }: Check, { colour, nameWidth }: Layout): string {
  const shownName = printable(name);
  const blanks = " ".repeat(nameWidth - shownWidth(shownName));
  const line = `${paint(status, colour)}  ${shownName}${blanks}  ${printable(finding)}`;
  if (remedy === undefined) return line;
  return `${line}\n${" ".repeat(STATUS_WIDTH + nameWidth + 4)}-> ${printable(remedy)}`;
}

function paint(status: CheckStatus, colour: boolean): string {
  const padded = status.padEnd(STATUS_WIDTH);
  return colour ? styleText(COLOURS[status], padded, { validateStream: false }) : padded;
}

function verdict({ checks, canCapture, canCaptureAtPacket }: Diagnosis): string {
  if (canCapture) return "ringcap can capture here.";
  const names = checks.filter(({ status }) => status === "missing").map(({ name }) => name);
  if (canCaptureAtPacket)
    return `ringcap can capture here at packet alone, with libpcap; BPF lacks: ${names.join(", ")}.`;
  return `ringcap cannot capture here: ${names.join(", ")}.`;
}
