/** The ready questions about hosts. */
import { bestOf, type Question, type Rows, tablesOf, together } from "./question.ts";

/**
 * Seconds that a watch wrote have no bytes of a class, and those of `ringcap export` have. Where a second of a host has both, the
 * same packets were counted twice, and the larger count is taken.
 */
const COUNTED_ONCE = `greatest(sum(CASE WHEN class IS NULL OR bytes IS NULL THEN packets ELSE 0 END),
    sum(CASE WHEN class IS NULL OR bytes IS NULL THEN 0 ELSE packets END)) AS counted`;
const BYTES_ONCE = `nullif(greatest(coalesce(sum(CASE WHEN class IS NULL THEN bytes END), 0),
    coalesce(sum(CASE WHEN class IS NOT NULL THEN bytes END), 0)), 0) AS counted_bytes`;

const OF_CLASSES: Rows = {
  seconds: (where) => `SELECT host, class, time AS second, ${COUNTED_ONCE}, sum(bytes) AS counted_bytes
FROM seconds WHERE packets > 0 AND ${where} GROUP BY host, class, time`,
  packets: (where) => `SELECT host, class, date_trunc('second', time) AS second, CAST(count(*) AS BIGINT) AS counted,
  CAST(sum(length) AS BIGINT) AS counted_bytes
FROM packets WHERE ${where} GROUP BY host, class, second`,
};

export const FLOODS: Question = {
  tables: tablesOf(OF_CLASSES),
  sql: (tables, where, limit) => `SELECT host, class, max(counted) AS peak_packets, sum(counted) AS total_packets,
  sum(counted_bytes) AS total_bytes, min(second) AS first_seen, max(second) AS last_seen
FROM ${bestOf(OF_CLASSES, tables, where)}
GROUP BY host, class ORDER BY peak_packets DESC LIMIT ${limit}`,
};

/** The event of a beginning has the packets of the history too, so that it is in the sum and gives no peak. */
const OF_HOSTS: Rows = {
  seconds: (where) => `SELECT host, max(counted) AS peak, sum(counted) AS total, sum(counted_bytes) AS octets,
  min(second) AS first_time, max(second) AS last_time
FROM (SELECT host, time AS second, ${COUNTED_ONCE}, ${BYTES_ONCE}
  FROM seconds WHERE ${where} GROUP BY host, time) AS by_second
GROUP BY host`,
  packets: (where) => `SELECT host, max(counted) AS peak, sum(counted) AS total, sum(counted_bytes) AS octets,
  min(second) AS first_time, max(second) AS last_time
FROM (SELECT host, date_trunc('second', time) AS second, CAST(count(*) AS BIGINT) AS counted, CAST(sum(length) AS BIGINT) AS counted_bytes
  FROM packets WHERE ${where} GROUP BY host, second) AS by_second
GROUP BY host`,
  events: (where) => `SELECT host, max(CASE WHEN event = 'changed' THEN packets END) AS peak, sum(packets) AS total,
  sum(bytes) AS octets, min(time) AS first_time, max(time) AS last_time
FROM events WHERE event IN ('began', 'changed') AND ${where} GROUP BY host`,
};

export const HOSTS_HIT: Question = {
  tables: tablesOf(OF_HOSTS),
  sql: (tables, where, limit) => `SELECT host, max(peak) AS peak_packets, sum(total) AS total_packets,
  sum(octets) AS total_bytes, min(first_time) AS first_seen, max(last_time) AS last_seen
FROM ${bestOf(OF_HOSTS, tables, where)}
GROUP BY host ORDER BY peak_packets DESC LIMIT ${limit}`,
};

/** What an incident had is known once it is over. What is told until then is the sum of its other events. */
const OF_INCIDENTS: Rows = {
  events: (
    where,
  ) => `SELECT host, incident, min(CASE WHEN event = 'began' THEN time END) AS first_time, NULL AS last_time,
  max(CASE WHEN event = 'ended' THEN time END) AS told_time, max(rule) AS rule_text,
  max(CASE WHEN event = 'changed' THEN packets END) AS peak,
  max(CASE WHEN event = 'ended' THEN packets END) AS whole, sum(packets) AS so_far,
  max(CASE WHEN event = 'ended' THEN dropped END) AS lost, sum(dropped) AS lost_so_far
FROM events WHERE incident IS NOT NULL AND ${where} GROUP BY host, incident`,
  incidents: (
    where,
  ) => `SELECT host, incident, time AS first_time, ended AS last_time, NULL AS told_time, rule AS rule_text,
  NULL AS peak, packets AS whole, NULL AS so_far, dropped AS lost, NULL AS lost_so_far
FROM incidents WHERE ${where}`,
};

export const INCIDENTS: Question = {
  tables: tablesOf(OF_INCIDENTS),
  sql: (
    tables,
    where,
    limit,
  ) => `SELECT host, incident, min(first_time) AS began, max(last_time) AS over, max(told_time) AS told,
  max(rule_text) AS first_rule, max(peak) AS peak_packets, coalesce(max(whole), max(so_far)) AS total_packets,
  coalesce(max(lost), max(lost_so_far)) AS total_dropped
FROM ${together(OF_INCIDENTS, tables, () => where)}
GROUP BY host, incident ORDER BY began DESC LIMIT ${limit}`,
};
