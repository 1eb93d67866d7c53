// The results as a table: a line for each job, a column for each kernel.

/** @typedef {{ kernel: string, results: import("./results.mjs").Results, seconds: number }} Run */

/** @param {readonly Run[]} runs */
export function table(runs) {
  const names = [...new Set(runs.flatMap(({ results }) => [...results.jobs.keys()]))];
  const cell = (/** @type {Run} */ { results }, /** @type {string} */ name) => {
    const job = results.jobs.get(name);
    if (job === undefined) return "-";
    const counts = job.failures.length === 0 ? `${job.passed} ok` : `${job.passed} ok, ${job.failures.length} failed`;
    return job.seconds === undefined ? counts : `${counts} (${job.seconds.toFixed(1)} s)`;
  };
  const rows = [
    ["", ...runs.map(({ kernel, results }) => `${kernel} (${results.release || "not booted"})`)],
    ...names.map((name) => [name, ...runs.map((run) => cell(run, name))]),
    ["seconds in all", ...runs.map(({ seconds }) => seconds.toFixed(1))],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** @param {readonly Run[]} runs */
export function failures(runs) {
  return runs
    .flatMap(({ kernel, results }) =>
      [...results.jobs.values()].flatMap((job) =>
        job.failures.map(({ check, error }) => `FAILED ${kernel}: ${job.name}: ${check}\n    ${error}\n`),
      ),
    )
    .join("");
}

/** @param {readonly Run[]} runs */
export function closingLine(runs) {
  const sum = (/** @type {"passed" | "failed"} */ what) =>
    runs.reduce((total, { results }) => total + results[what], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed\n`;
}
