/** The table of incidents of `ringcap watch`. */
import { always, maybe, type Table } from "./table.ts";

export const INCIDENTS: Table = {
  name: "incidents",
  row: "an incident of a watch that is over",
  order: "time",
  columns: [
    always("time", "time", "when the first rule held"),
    always("ended", "time", "when it was over"),
    always("incident", "text", "the name of its directory"),
    always("rule", "text", "the first rule that held"),
    always("packets", "int64", "that matched while it lasted", { unit: "packets" }),
    always("bytes", "int64", "of its capture files", { unit: "bytes" }),
    always("dropped", "int64", "lost for want of room while it lasted", { unit: "packets" }),
    maybe("reason", "text", "why it ended"),
  ],
};
