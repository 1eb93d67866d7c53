/** The program that makes the pages of incidents, in every way in which it goes wrong. */
import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { PageProgram } from "../../../src/flood/page-program.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const LONG = 3_600_000;

/** Makes a program of lines of sh, which waits where it opens "pipe", and tells by "begun" that it has begun. */
function programOf(lines: string, times = {}) {
  const here = temporaryDirectory();
  const program = join(here, "program");
  writeFileSync(program, `#!/bin/sh\nhere='${here}'\n${lines}\n`);
  chmodSync(program, 0o755);
  execFileSync("mkfifo", [join(here, "pipe")]);
  // A program that reads from the pipe goes on when the test ends.
  const pipe = openSync(join(here, "pipe"), constants.O_RDWR);
  onTestFinished(() => closeSync(pipe));
  const pages = new PageProgram(program, ["a", "b"], { run: LONG, grace: LONG, close: LONG, ...times });
  return { pages, here, seen: () => readFileSync(join(here, "seen"), "utf8") };
}

test("runs in the directory, with the lowest priority, and without what sudo left", async () => {
  vi.stubEnv("SUDO_UID", "1000");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { pages, here, seen } = programOf(
    'until [ "$(cat /proc/self/oom_score_adj)" = 1000 ]; do :; done; echo "$PWD $* $(nice) $SUDO_UID" >"$here/seen"',
  );
  expect(await pages.make(here)).toBeUndefined();
  expect(seen()).toBe(`${here} a b 19 \n`);
});

test("runs for one incident after the other, and says what failed", async () => {
  const { pages, here, seen } = programOf('echo begin >>"$here/seen"; echo end >>"$here/seen"; exit 3');
  expect(await Promise.all([pages.make(here), pages.make(here)])).toEqual(["exit code 3", "exit code 3"]);
  expect(seen()).toBe("begin\nend\nbegin\nend\n");
});

test("that takes too long is ended, and the next one runs", async () => {
  const { pages, here } = programOf('[ -e "$here/again" ] && exit 0; >"$here/again"; read -r _ <"$here/pipe"', {
    run: 500,
  });
  expect(await Promise.all([pages.make(here), pages.make(here)])).toEqual([
    "it took longer than 0.5 s, and was ended",
    undefined,
  ]);
});

test("is ended with the watch, after a while or at once, and nothing is run then", async () => {
  const { pages, here } = programOf('>"$here/seen"; read -r _ <"$here/pipe"', { close: 100 });
  const [first, second] = [pages.make(here), pages.make(here)];
  pages.close();
  expect(await Promise.all([first, second])).toEqual(["the watch has ended", "the watch has ended"]);
  expect(await pages.make(here)).toBe("the watch has ended");
});

test("that is not there is told of", async () => {
  const pages = new PageProgram("/missing", []);
  expect(await pages.make(temporaryDirectory())).toMatch(/ENOENT/);
});
