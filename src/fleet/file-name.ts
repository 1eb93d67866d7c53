/** The names of files of tables: the time of the first row, so that the names are in the order of time. */

/** @param seconds since the epoch @returns such as 20261128T044309.123456789Z */
export function fileNameOf(seconds: number, nanoseconds: number): string {
  const date = new Date(Math.min(Math.max(seconds, -62_135_596_800), 253_402_300_799) * 1000);
  const [day = "", time = ""] = date.toISOString().slice(0, 19).split("T");
  return `${day.replaceAll("-", "")}T${time.replaceAll(":", "")}.${String(nanoseconds).padStart(9, "0")}Z`;
}
