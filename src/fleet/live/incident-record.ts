/** incident.json as a row of the incidents table. */
import type { IncidentReport } from "../../flood/incident-report.ts";
import type { RecordTime } from "../parquet/record-rows.ts";
import type { TimedRecord } from "./live-table.ts";

export function incidentRecord({ name, triggered, ended, why, packets, triggers, bytes }: IncidentReport): TimedRecord {
  return {
    time: timeOf(triggered),
    ended: timeOf(ended ?? triggered),
    incident: name,
    rule: triggers[0]?.rule ?? "",
    packets: packets.matched,
    bytes: bytes.written,
    dropped: packets.ringDropped,
    reason: why,
  };
}

/** @param text of RFC 3339, to the millisecond */
function timeOf(text: string): RecordTime {
  const milliseconds = Date.parse(text);
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: (milliseconds - seconds * 1000) * 1_000_000 };
}
