/** The table of what watches publish: the messages of `ringcap watch --publish`. */
import { always, maybe, type Table } from "./table.ts";

const PACKETS = { unit: "packets" };

export const EVENTS: Table = {
  name: "events",
  row: "an event that a watch published",
  order: "that in which the server got them",
  columns: [
    always("time", "time", "of the event"),
    always("event", "text", "began, changed, ended or health"),
    maybe("incident", "text", "the name of its directory; null of health"),
    maybe("sequence", "int64", "the number of the event in its watch, which has no gap"),
    always("id", "text", "names the event among those of all hosts"),
    maybe("rule", "text", "the first rule that held; of began"),
    maybe(
      "packets",
      "int64",
      "of changed: since the event before it; of began and ended: of the incident so far",
      PACKETS,
    ),
    maybe("bytes", "int64", "of these packets, as they were on the wire", { unit: "bytes" }),
    maybe("matched", "int64", "of these packets, those that passed the filter", PACKETS),
    maybe("dropped", "int64", "of them, lost for want of room", PACKETS),
    always("json", "text", "the whole event"),
  ],
};
