/** Parquet tables of many hosts, and questions to them. */
export type { Column, ColumnType } from "./contract/columns.ts";
export type { Table, TableName } from "./contract/table.ts";
export { TABLE_NAMES } from "./contract/table.ts";
export { TABLES } from "./contract/tables.ts";
export { type CaptureTable, type Exported, type ExportOptions, exportCaptures } from "./export/export-captures.ts";
export { exportConnections } from "./export/export-connections.ts";
export { RecordTable } from "./export/record-table.ts";
export { FleetDirectory } from "./fleet-directory.ts";
export { parquetLibrary } from "./parquet/library.ts";
export { hostInPath } from "./partition.ts";
export type { Answer, AnswerValue, FleetTables } from "./query/answer.ts";
export { FleetDatabase } from "./query/fleet-database.ts";
export { type DuckDb, duckDb } from "./query/library.ts";
export { QUESTION_NAMES, type QuestionName, sqlOfQuestion } from "./query/questions.ts";
