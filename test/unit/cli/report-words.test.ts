import { expect, test } from "vitest";
import { partReportWords, wordsBehindSeparator } from "../../../src/cli/report-words.ts";

const there = (word: string) => ["x.pcap", "flood", "host"].includes(word);
const rows: readonly (readonly [line: string, files: string, expression: string])[] = [
  ["x.pcap", "x.pcap", ""],
  ["x.pcap flood tcp port 80", "x.pcap flood", "tcp port 80"],
  ["x.pcap host 192.0.2.1", "x.pcap host", "192.0.2.1"],
  ["x.pcap -- host 192.0.2.1", "x.pcap", "host 192.0.2.1"],
  ["x.pcap missing.pcapng.gz tcp", "x.pcap missing.pcapng.gz", "tcp"],
  ["missing tcp", "missing", "tcp"],
  ["x.pcap ./missing ../other /absolute udp", "x.pcap ./missing ../other /absolute", "udp"],
  ["- flood udp", "- flood", "udp"],
  ["x.pcap udp flood", "x.pcap", "udp flood"],
  ["x.pcap net 192.0.2.0/24", "x.pcap", "net 192.0.2.0/24"],
  ["-- tcp", "", "tcp"],
];

test.each(rows)("%s is of %s", (line, files, expression) => {
  const words = line.split(" ");
  const behind = wordsBehindSeparator(words);
  const parted = partReportWords(
    words.filter((word) => word !== "--"),
    behind,
    there,
  );
  expect({ files: parted.files.join(" "), expression: parted.expression.join(" ") }).toEqual({ files, expression });
});

test("an expression in front of the files is refused, with the right order of them", () => {
  expect(() => partReportWords(["dst", "port", "80", "x.pcap"], 0, there)).toThrow(
    expect.objectContaining({ code: "USAGE", hint: "type ringcap report x.pcap dst port 80" }),
  );
});
