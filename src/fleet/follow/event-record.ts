/** An event as a row of the events table. */

import { type Fields, fieldsOf, wholeOf } from "../json-fields.ts";
import type { RecordTime, TableRecord } from "../parquet/record-rows.ts";
import { ruleOf } from "./fleet-state.ts";
import type { FollowedEvent } from "./followed-event.ts";

export function eventRecord(event: FollowedEvent): TableRecord & { readonly time: RecordTime } {
  const { time, kind, incident, sequence, id, fields, json } = event;
  const counts: Fields = fieldsOf(kind === "changed" ? fields.interval : fields.total) ?? {};
  return {
    time,
    event: kind,
    incident,
    sequence,
    id,
    rule: kind === "began" ? ruleOf(fields) : undefined,
    packets: wholeOf(counts.packets),
    bytes: wholeOf(counts.bytes),
    matched: wholeOf(counts.matched),
    dropped: wholeOf(counts.dropped),
    json,
  };
}
