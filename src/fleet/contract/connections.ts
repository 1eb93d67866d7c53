/** The table of TCP connections: the lines of `ringcap connections --json`. */
import { always, maybe, type Table } from "./table.ts";

export const CONNECTIONS: Table = {
  name: "connections",
  row: "an event of a TCP connection, as a rule its end",
  order: "time",
  columns: [
    always("time", "time", "of the event"),
    always("type", "text", "connect, accept, close and so on"),
    maybe("reason", "text", "why it ended"),
    always("role", "text", "client or server"),
    always("local_address", "address", "on the host"),
    always("local_port", "uint16", "on the host"),
    always("remote_address", "address", "of the peer", { bloom: true }),
    always("remote_port", "uint16", "of the peer"),
    maybe("pid", "uint32", "process id"),
    maybe("uid", "uint32", "user id"),
    maybe("comm", "text", "name of the process"),
    always("bytes_sent", "int64", "acknowledged by the peer", { unit: "bytes" }),
    always("bytes_received", "int64", "from the peer", { unit: "bytes" }),
    always("retransmits", "int64", "segments that were sent again", { unit: "segments" }),
    maybe("rtt", "int64", "smoothed round-trip time", { unit: "microseconds" }),
    maybe("duration", "int64", "from its beginning; null where that was not seen", { unit: "nanoseconds" }),
  ],
};
