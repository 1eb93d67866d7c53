/** --parquet: tables that are written while a command runs. */
import { usageError } from "../errors.ts";
import type { AddOption } from "./option-adder.ts";

export interface ParquetFlags {
  parquet?: string;
  parquetHost?: string;
}

export function addParquetOptions(add: AddOption, group: string): void {
  add(group, "--parquet <directory>", "tables for ringcap query, a file of each a minute", {
    details: `It is made where it is not there, readable for its owner alone. The npm package hyparquet-writer has to be
      installed beside ringcap.`,
  });
  add(
    group,
    "--parquet-host <name>",
    "the host in these tables, and in the events of --publish; default the name of this one",
  );
}

/** @throws RingcapError USAGE */
export function checkParquet({ parquet, parquetHost, publish }: ParquetFlags & { publish?: string }): void {
  if (parquet === "" || parquet === "-") throw usageError("--parquet", `"${parquet}" is no directory`, "name one");
  if (parquetHost !== undefined && parquet === undefined && publish === undefined)
    throw usageError("--parquet-host", "it is for --parquet, which is not given", "add --parquet <directory>");
}
