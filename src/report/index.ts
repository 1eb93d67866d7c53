/** What `ringcap report` is made of: what a report is, the sink that makes one, and files and incidents to make it of. */
export { AddressDatabase, requireDatabaseLibrary } from "./address-database.ts";
export type { ReportFacts } from "./analysis/report-of.ts";
export { ReportSink } from "./analysis/report-sink.ts";
export { anonymizeReport } from "./anonymized/anonymized-report.ts";
export { withoutDuplicates } from "./files/in-order.ts";
export { OpenedFile } from "./files/opened-file.ts";
export { IncidentDirectory } from "./incident/incident-directory.ts";
export type { IncidentFacts } from "./incident/incident-facts.ts";
export { type MadeReport, makeReport } from "./make-report.ts";
export { renderPage } from "./page/page.ts";
export type { Report } from "./report.ts";
export { renderText, type TextOptions } from "./text/text.ts";
