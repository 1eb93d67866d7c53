/** Runs the jobs in a guest of scripts/kernels/, one after the other. */
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { jobs } from "./jobs/index.ts";
import type { Settings } from "./lib/job.ts";
import { Checks, report } from "./lib/report.ts";

const settings = JSON.parse(readFileSync(new URL("settings.json", import.meta.url), "utf8")) as Settings;
const wanted = jobs.filter(({ name }) => settings.jobs.length === 0 || settings.jobs.includes(name));

report({ type: "plan", release: release(), jobs: wanted.map(({ name }) => name) });
for (const { name, run } of wanted) {
  const checks = new Checks(name);
  const begin = performance.now();
  // What a job throws outside of its checks is a failure of its own.
  let thrown: unknown;
  try {
    await run(checks, settings);
  } catch (error) {
    thrown = error;
  }
  if (thrown !== undefined) await checks.check("runs to its end", () => Promise.reject(thrown));
  report({ type: "ended", job: name, checks: checks.count, seconds: (performance.now() - begin) / 1000 });
}
report({ type: "complete" });
