/**
 * The ready questions, in SQL for DuckDB. No column of an aggregate is called like a column of a table, because some databases take such a
 * name for the column of the answer.
 *
 * A flood has millions of sources that are made up, each seen once. Questions about sources count packets alone in a first step, and
 * ask more, as on how many hosts, of the few sources that are left: both steps together take a third of the time and of the memory.
 */
import { usageError } from "../../errors.ts";
import { oneOf } from "../../options/index.ts";
import type { TableName } from "../contract/table.ts";

export const QUESTION_NAMES = ["floods", "sources", "hosts-hit", "spread", "incidents"] as const;
/** The name of a ready question. */
export type QuestionName = (typeof QUESTION_NAMES)[number];

/** What a ready question is limited to. */
export interface QuestionOptions {
  /** The first time, in milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** The most rows. */
  readonly limit: number;
}

type MakeSql = (where: string, limit: number) => string;

/** Of each question the tables that answer it, the best one first. */
const QUESTIONS: Readonly<Record<QuestionName, Partial<Record<TableName, MakeSql>>>> = {
  floods: {
    incidents: (where, limit) => `SELECT host, time AS began, ended AS over, incident, rule, packets, dropped
FROM incidents WHERE ${where} ORDER BY time DESC LIMIT ${limit}`,
    seconds: (where, limit) => `SELECT host, class, min(time) AS began, max(time) AS over,
  max(packets) AS peak_packets, sum(packets) AS total_packets, sum(bytes) AS total_bytes
FROM seconds WHERE ${where} GROUP BY host, class ORDER BY peak_packets DESC LIMIT ${limit}`,
    packets: (where, limit) => `SELECT host, class, min(second) AS began, max(second) AS over,
  max(counted) AS peak_packets, sum(counted) AS total_packets, sum(counted_bytes) AS total_bytes
FROM (SELECT host, class, date_trunc('second', time) AS second, count(*) AS counted, sum(length) AS counted_bytes
  FROM packets WHERE ${where} GROUP BY host, class, second) AS by_second
GROUP BY host, class ORDER BY peak_packets DESC LIMIT ${limit}`,
  },
  sources: {
    packets: (where, limit) => `SELECT source AS address, count(*) AS total_packets, sum(length) AS total_bytes,
  count(DISTINCT host) AS hosts, min(time) AS first_seen, max(time) AS last_seen
FROM packets WHERE ${where} AND source IN (SELECT source FROM packets WHERE source IS NOT NULL AND ${where}
  GROUP BY source ORDER BY count(*) DESC LIMIT ${limit})
GROUP BY source ORDER BY total_packets DESC LIMIT ${limit}`,
    talkers: (where, limit) => `SELECT address, sum(packets) AS total_packets, sum(bytes) AS total_bytes,
  count(DISTINCT host) AS hosts, min(time) AS first_seen, max(time) AS last_seen
FROM talkers WHERE kind = 'src' AND ${where}
GROUP BY address ORDER BY total_packets DESC LIMIT ${limit}`,
  },
  "hosts-hit": {
    seconds: (where, limit) => `SELECT host, max(counted) AS peak_packets, sum(counted) AS total_packets,
  sum(counted_bytes) AS total_bytes, min(second) AS first_seen, max(second) AS last_seen
FROM (SELECT host, time AS second, sum(packets) AS counted, sum(bytes) AS counted_bytes
  FROM seconds WHERE ${where} GROUP BY host, second) AS by_second
GROUP BY host ORDER BY peak_packets DESC LIMIT ${limit}`,
    packets: (where, limit) => `SELECT host, max(counted) AS peak_packets, sum(counted) AS total_packets,
  sum(counted_bytes) AS total_bytes, min(second) AS first_seen, max(second) AS last_seen
FROM (SELECT host, date_trunc('second', time) AS second, count(*) AS counted, sum(length) AS counted_bytes
  FROM packets WHERE ${where} GROUP BY host, second) AS by_second
GROUP BY host ORDER BY peak_packets DESC LIMIT ${limit}`,
    events: (where, limit) => `SELECT host, max(packets) AS peak_packets, sum(packets) AS total_packets,
  sum(bytes) AS total_bytes, min(time) AS first_seen, max(time) AS last_seen
FROM events WHERE event = 'changed' AND ${where}
GROUP BY host ORDER BY peak_packets DESC LIMIT ${limit}`,
  },
  spread: {
    packets: (where, limit) => `SELECT source AS address, count(DISTINCT host) AS hosts, count(*) AS total_packets,
  min(time) AS first_seen, max(time) AS last_seen
FROM packets WHERE ${where} AND source IN (SELECT source FROM packets WHERE source IS NOT NULL AND ${where}
  GROUP BY source HAVING count(*) > 1)
GROUP BY source HAVING count(DISTINCT host) > 1 ORDER BY hosts DESC, total_packets DESC LIMIT ${limit}`,
    talkers: (where, limit) => `SELECT address, count(DISTINCT host) AS hosts, sum(packets) AS total_packets,
  min(time) AS first_seen, max(time) AS last_seen
FROM talkers WHERE kind = 'src' AND ${where}
GROUP BY address HAVING count(DISTINCT host) > 1 ORDER BY hosts DESC, total_packets DESC LIMIT ${limit}`,
  },
  incidents: {
    // What an incident had at its end is in its last event, and the sum of the others where it has not ended.
    events: (where, limit) => `SELECT host, incident, min(CASE WHEN event = 'began' THEN time END) AS began,
  max(CASE WHEN event = 'ended' THEN time END) AS over, max(rule) AS first_rule,
  max(CASE WHEN event = 'changed' THEN packets END) AS peak_packets,
  coalesce(max(CASE WHEN event = 'ended' THEN packets END), sum(packets)) AS total_packets,
  coalesce(max(CASE WHEN event = 'ended' THEN dropped END), sum(dropped)) AS total_dropped
FROM events WHERE incident IS NOT NULL AND ${where}
GROUP BY host, incident ORDER BY began DESC LIMIT ${limit}`,
    incidents: (where, limit) => `SELECT host, incident, time AS began, ended AS over, rule AS first_rule,
  packets AS total_packets, dropped AS total_dropped
FROM incidents WHERE ${where} ORDER BY time DESC LIMIT ${limit}`,
  },
};

/**
 * The SQL of a ready question.
 *
 * @param tables of which there are files
 * @throws RingcapError USAGE for a question that is none, and for one that none of the tables answers
 */
export function sqlOfQuestion(question: string, tables: readonly TableName[], options: QuestionOptions): string {
  const name = oneOf("question", question as QuestionName, QUESTION_NAMES, "floods");
  const answering = Object.entries(QUESTIONS[name]) as [TableName, MakeSql][];
  const [, makeSql] = answering.find(([table]) => tables.includes(table)) ?? [];
  if (makeSql === undefined) {
    const needed = answering.map(([table]) => table).join(" or ");
    const hint =
      "ringcap export makes packets and seconds, ringcap watch --parquet seconds, talkers and incidents, ringcap fleet follow --to events";
    throw usageError("question", `${name} is answered by the table ${needed}, which the directory does not have`, hint);
  }
  return makeSql(whereOf(options.since), options.limit);
}

/** The date lets files be passed over by their paths. */
function whereOf(since: number | undefined): string {
  if (since === undefined) return "1 = 1";
  const text = new Date(since).toISOString();
  return `date >= '${text.slice(0, 10)}' AND time >= '${text.slice(0, 23).replace("T", " ")}'`;
}
