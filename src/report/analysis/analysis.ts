/** A part of the analysis that sees every packet once. */
import type { HeaderColumns } from "./header-columns.ts";

export interface Analysis {
  /** Takes the packets of the columns, which are filled anew for the next call. */
  add(columns: HeaderColumns): void;
}
