/** The table of seconds. */
import { always, maybe, type Table } from "./table.ts";

const PACKETS = { unit: "packets" };

export const SECONDS: Table = {
  name: "seconds",
  row: "a second of one interface and one class of packets",
  order: "time",
  columns: [
    always("time", "time", "the beginning of the second"),
    maybe("interface", "text", "null of all interfaces together, and where a capture file does not name it"),
    maybe("class", "text", "a class of the packets table; null of what is not told by class"),
    always("packets", "int64", "that passed the filter, of this class", PACKETS),
    maybe("bytes", "int64", "as they were on the wire; null where they are told of all classes together", {
      unit: "bytes",
    }),
    maybe("seen", "int64", "of all classes, whether they passed the filter or not", PACKETS),
    maybe("matched", "int64", "of all classes, that passed the filter", PACKETS),
    maybe("sampled", "int64", "of these, left out by sampling or a rate limit", PACKETS),
    maybe("dropped", "int64", "of these, lost for want of room in the ring", PACKETS),
    maybe("unique_sources", "int64", "estimated number of source addresses", { unit: "addresses" }),
  ],
};
