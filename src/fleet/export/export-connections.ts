/** Writes lines of `ringcap connections --json` as the connections table. */
import { RingcapError } from "../../errors.ts";
import type { OpenedFile } from "../../report/files/opened-file.ts";
import { CONNECTIONS } from "../contract/connections.ts";
import { connectionRecord } from "./connection-record.ts";
import type { ExportOptions } from "./export-captures.ts";
import type { Exported } from "./exported.ts";
import { RecordTable } from "./record-table.ts";

/** The most bytes of a line. */
const LONGEST_LINE = 1 << 16;
const NEWLINE = 0x0a;

/**
 * Reads the files in the order in which they are given. What is wrong with a file ends the reading of it.
 *
 * @throws RingcapError INSTALLATION, OUTPUT; INPUT where none of the lines could be read
 */
export async function exportConnections(
  lists: readonly OpenedFile[],
  { directory, host, signal }: Pick<ExportOptions, "directory" | "host" | "signal">,
): Promise<Exported> {
  const table = await RecordTable.open(directory, CONNECTIONS, host);
  const faults: unknown[] = [];
  let read = 0;
  const onRead = () => read++;
  try {
    for (const list of lists) {
      try {
        await addLines(table, list, signal, onRead);
      } catch (error) {
        if (!(error instanceof RingcapError && error.code === "INPUT")) throw error;
        faults.push(error);
      }
    }
    if (read === 0 && faults.length > 0) throw faults[0];
    await table.close();
    const { rows, files, bytes } = table;
    return { read, rows, files, bytes, faults };
  } catch (error) {
    table.discard();
    throw error;
  }
}

async function addLines(table: RecordTable, list: OpenedFile, signal: AbortSignal, onRead: () => void): Promise<void> {
  let number = 0;
  for await (const line of linesOf(list, signal)) {
    number++;
    if (line.trim() === "") continue;
    const record = connectionRecord(parsed(line));
    if (record === undefined) throw lineError(list, number);
    await table.add(record);
    onRead();
  }
}

async function* linesOf(list: OpenedFile, signal: AbortSignal): AsyncGenerator<string, void, void> {
  let rest: Uint8Array = new Uint8Array(0);
  let number = 0;
  for await (const chunk of list.content(signal)) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      number++;
      yield bytes.toString("utf8", start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_LINE) throw lineError(list, number + 1);
  }
  if (rest.length > 0) yield Buffer.from(rest).toString("utf8");
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lineError({ printableName }: OpenedFile, number: number): RingcapError {
  const operation = `read ${printableName}`;
  return new RingcapError(`${operation}: line ${number} is none of ringcap connections --json`, {
    code: "INPUT",
    operation,
    hint: "name a file that ringcap connections --json wrote, or leave out --table connections",
  });
}
