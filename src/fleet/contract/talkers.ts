/** The table of the heaviest keys. */
import { always, maybe, type Table } from "./table.ts";

export const TALKERS: Table = {
  name: "talkers",
  row: "a minute of one key that is among the heaviest",
  order: "time, then key kind, then packets downwards",
  columns: [
    always("time", "time", "the beginning of the minute"),
    always("kind", "text", "src, src-net, dst, dst-port or dst+port"),
    maybe("address", "address", "of the key; of a network its first address; null of a port alone", { bloom: true }),
    maybe("prefix", "uint8", "bits of the network", { unit: "bits" }),
    maybe("port", "uint16", "of the key"),
    always("packets", "int64", "at least so many", { unit: "packets" }),
    always("bytes", "int64", "of these packets", { unit: "bytes" }),
    always("syns", "int64", "of these packets, TCP with SYN and without ACK", { unit: "packets" }),
    always("error", "int64", "by which packets may be too small", { unit: "packets" }),
    always("standard_error", "int64", "of packets, where the kernel counts one in some; else 0", { unit: "packets" }),
  ],
};
