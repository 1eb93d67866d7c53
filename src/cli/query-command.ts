/** Runs `ringcap query`. */
import { RingcapError, usageError } from "../errors.ts";
import { duckDb, FleetDatabase, type LeftOut, QUESTION_LIMIT, sqlOfQuestion } from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { numberIn } from "../options/index.ts";
import { openByteOutput } from "../outputs/index.ts";
import { formatAnswer } from "./answer-lines.ts";
import { sayWarning } from "./messages.ts";
import type { QueryFlags } from "./query-options.ts";
import { sinceOf } from "./since-option.ts";
import { STDOUT } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp, ownerOfRead } from "./user-option.ts";

const ASK_HINT = "type ringcap query <directory> --question hosts-hit, or SQL in quotation marks";

/** Directories can have thousands of files that are no tables. */
const MOST_LEFT_OUT = 10;

/** Runs the command. @returns the exit code */
export async function runQuery(directory: string, sql: string | undefined, flags: QueryFlags): Promise<number> {
  const { question, json, csv } = flags;
  if (json && csv) throw usageError("--csv", "excludes --json", "leave out one of them");
  if (sql !== undefined && question !== undefined)
    throw usageError("--question", "it stands in the place of SQL", "leave out one of them");
  if (sql === undefined && question === undefined) throw usageError("--question", "nothing is asked", ASK_HINT);
  for (const name of ["since", "limit"] as const)
    if (question === undefined && flags[name] !== undefined)
      throw usageError(`--${name}`, "it is for --question", "say it in the SQL");
  const limit = numberIn("--limit", flags.limit, QUESTION_LIMIT.default, 1, QUESTION_LIMIT.max);
  const since = sinceOf(flags.since);
  const output = openByteOutput(STDOUT, "standard output");
  const library = duckDb();
  giveUp(new PrivilegePlan(flags.user, ownerOfRead(directory)), [], {});
  const database = await FleetDatabase.open(directory, library);
  for (const line of leftOutLines(database.leftOut)) sayWarning(line);
  let isStopped = false;
  onStopSignal(
    () => {
      isStopped = true;
      database.interrupt();
    },
    () => output.abandon(),
  );
  try {
    const asked = sql ?? sqlOfQuestion(question ?? "", database.tables, { since, limit });
    const answer = await database.ask(asked);
    for await (const lines of formatAnswer(answer, { json, csv })) await output.write(Buffer.from(lines));
    await output.close();
  } catch (error) {
    // A reader of standard output that has seen enough, as `| head` has, is no failure.
    if (!(error instanceof RingcapError && error.code === "OUTPUT_CLOSED") && !isStopped) throw error;
  } finally {
    database.close();
  }
  return isStopped ? 1 : 0;
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const lines = leftOut.slice(0, MOST_LEFT_OUT).map(({ path, reason }) => `${path} is left out: ${reason}`);
  if (leftOut.length > MOST_LEFT_OUT)
    lines.push(`${leftOut.length - MOST_LEFT_OUT} more files and directories are left out`);
  return lines;
}
