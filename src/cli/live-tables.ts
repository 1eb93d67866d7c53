/** Opens the tables of --parquet. What they take is loaded for those alone who ask for them. */
import { hostname } from "node:os";
import type { FleetDirectory, LiveTables } from "../fleet/index.ts";
import { counted } from "./counted.ts";
import { sayWarning } from "./messages.ts";
import type { ParquetFlags } from "./parquet-options.ts";

export interface OpenedTables {
  readonly fleet: typeof import("../fleet/index.ts");
  readonly directory: FleetDirectory;
  readonly tables: LiveTables;
}

/**
 * @param keepSize bytes of the files of this host
 * @returns undefined where no tables are wanted
 * @throws RingcapError USAGE, OUTPUT; INSTALLATION where the library is not there that writes Parquet
 */
export async function openLiveTables(
  { parquet, parquetHost = hostname() }: ParquetFlags,
  keepSize: number | undefined,
): Promise<OpenedTables | undefined> {
  if (parquet === undefined) return undefined;
  const fleet = await import("../fleet/index.ts");
  const host = fleet.hostInPath(parquetHost, "--parquet-host");
  fleet.parquetLibrary();
  const directory = new fleet.FleetDirectory(parquet, "--parquet");
  process.once("exit", () => directory.abandon());
  const tables = new fleet.LiveTables({ directory: directory.path, host, keepSize, warn: sayWarning });
  return { fleet, directory, tables };
}

/** Warns of rows that are in no file. @returns whether there are such rows */
export function tellOfLostRows(rows: number): boolean {
  if (rows > 0) sayWarning(`${counted(rows, "row")} of the tables could not be written`);
  return rows > 0;
}
