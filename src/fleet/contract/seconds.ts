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
    always("packets", "int64", "that were counted", PACKETS),
    always("bytes", "int64", "as they were on the wire", { unit: "bytes" }),
    maybe("matched", "int64", "that passed the filter; null where the capture does not tell it of this class", PACKETS),
    maybe("sampled", "int64", "of them, left out by sampling or a rate limit", PACKETS),
    maybe("dropped", "int64", "of them, lost for want of room", PACKETS),
    maybe("unique_sources", "int64", "estimated number of source addresses", { unit: "addresses" }),
  ],
};
