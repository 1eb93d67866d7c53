/** The report of a trial, by the whole analysis, and its verdict. */
import { ReportSink } from "../../src/report/analysis/report-sink.ts";
import type { Report } from "../../src/report/report.ts";
import type { Verdict } from "../../src/report/verdict/verdict.ts";
import { capture } from "./batches.ts";
import type { Trial } from "./trial.ts";

export async function judge(trial: Trial): Promise<Verdict> {
  return (await reportOn(trial)).verdict;
}

export async function reportOn({ packets, degradation, isIpv6 }: Trial): Promise<Report> {
  const sink = new ReportSink();
  await capture(sink, packets, degradation, isIpv6);
  const { filter } = degradation;
  return sink.report({ created: "2026-01-01T00:00:00.000000000+00:00", ringcap: "0", command: [], filter, files: [] });
}
