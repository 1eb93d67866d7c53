/**
 * The ready questions, in SQL for DuckDB. No column of an aggregate is called like a column of a table, because some databases take such a
 * name for the column of the answer.
 */
import { usageError } from "../../errors.ts";
import { numberIn, oneOf } from "../../options/index.ts";
import type { TableName } from "../contract/table.ts";
import { SOURCES, SPREAD } from "./address-questions.ts";
import { FLOODS, HOSTS_HIT, INCIDENTS } from "./host-questions.ts";
import type { Question } from "./question.ts";

export const QUESTION_NAMES = ["floods", "sources", "hosts-hit", "spread", "incidents"] as const;
/** The name of a ready question. */
export type QuestionName = (typeof QUESTION_NAMES)[number];

/** What a ready question is limited to. */
export interface QuestionOptions {
  /** The first time, in milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** The most rows, 1 to 1,000,000. The default is 20. */
  readonly limit?: number | undefined;
}

/** The rows of an answer: without a limit, and at most. */
export const QUESTION_LIMIT = { default: 20, max: 1_000_000 } as const;

const QUESTIONS: Readonly<Record<QuestionName, Question>> = {
  floods: FLOODS,
  sources: SOURCES,
  "hosts-hit": HOSTS_HIT,
  spread: SPREAD,
  incidents: INCIDENTS,
};

/**
 * The SQL of a ready question.
 *
 * @param tables of which there are files
 * @throws RingcapError USAGE for a question that is none, for one that none of the tables answers, and for a wrong limit
 */
export function sqlOfQuestion(question: string, tables: readonly TableName[], options: QuestionOptions = {}): string {
  const name = oneOf("question", question as QuestionName, QUESTION_NAMES, "floods");
  const { tables: answering, sql } = QUESTIONS[name];
  const asked = answering.filter((table) => tables.includes(table));
  if (asked.length === 0) {
    const hint =
      "ringcap export makes packets and seconds, ringcap watch --parquet seconds, talkers and incidents, ringcap fleet follow --to events";
    throw usageError(
      "question",
      `${name} is answered by the table ${answering.join(" or ")}, which the directory does not have`,
      hint,
    );
  }
  return sql(
    asked,
    whereOf(options.since),
    numberIn("limit", options.limit, QUESTION_LIMIT.default, 1, QUESTION_LIMIT.max),
  );
}

/** The date lets files be passed over by their paths. */
function whereOf(since: number | undefined): string {
  if (since === undefined) return "1 = 1";
  const text = new Date(since).toISOString();
  return `date >= '${text.slice(0, 10)}' AND time >= '${text.slice(0, 23).replace("T", " ")}'`;
}
