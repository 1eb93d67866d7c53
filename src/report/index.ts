/** What a report of captures is, and the sink that makes one. */
export type { ReportFacts } from "./analysis/report-of.ts";
export { ReportSink } from "./analysis/report-sink.ts";
export { anonymizeReport } from "./anonymized/anonymized-report.ts";
export { renderPage } from "./page/page.ts";
export type { Report } from "./report.ts";
export { renderText, type TextOptions } from "./text/text.ts";
