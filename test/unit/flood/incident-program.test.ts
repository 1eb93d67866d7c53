/** The program of --on-incident, in every way in which programs go wrong. */
import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { IncidentProgram } from "../../../src/flood/incident-program.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const LONG = 3_600_000;

/**
 * Makes a program of lines of sh, in which $here is a directory of its own with two pipes. The test holds "pipe" open,
 * and reads from "held".
 */
function programOf(lines: string, times = {}) {
  const here = temporaryDirectory();
  const program = join(here, "program; exit 9");
  writeFileSync(program, `#!/bin/sh\nhere='${here}'\n${lines}\n`);
  chmodSync(program, 0o755);
  const warnings: string[] = [];
  const told = (text: string) => warnings.push(text.replace(program, "PROGRAM"));
  const runner = new IncidentProgram(program, told, { run: LONG, grace: LONG, close: LONG, ...times });
  for (const name of ["pipe", "held"]) execFileSync("mkfifo", [join(here, name)]);
  // A program that reads from the pipe goes on when the test ends. It must open the pipe before
  // it ends itself: once the test has let go of the pipe, opening it waits for ever. Opening it for both directions waits for nobody.
  const pipe = openSync(join(here, "pipe"), constants.O_RDWR);
  const held = openSync(join(here, "held"), constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => [pipe, held].forEach(closeSync));
  return { runner, warnings, held, seen: () => readFileSync(join(here, "seen"), "utf8") };
}

test("gets the moment and JSON, one run after the other, and no shell in between", async () => {
  const { runner, warnings, seen } = programOf('{ echo "$# $1"; cat; echo "ends $1"; } >>"$here/seen"');
  runner.run("begin", { directory: "x'\n$(exit)" });
  runner.run("end", { directory: "x", packets: 5 });
  await runner.close();
  expect(seen().split("\n")).toEqual([
    ...["1 begin", String.raw`{"version":1,"event":"begin","directory":"x'\n$(exit)"}`, "ends begin"],
    ...["1 end", '{"version":1,"event":"end","directory":"x","packets":5}', "ends end", ""],
  ]);
  expect([runner.failed, warnings]).toEqual([0, []]);
});

test("need not read what it gets, and may leave a process behind that holds it", async () => {
  const text = "x".repeat(200_000);
  const { runner, warnings } = programOf('exec 3<"$here/pipe"; (exec >&- 2>&-; read -r _ <&3) & exit 0');
  runner.run("begin", { text });
  await runner.close();
  expect(warnings).toEqual([]);
});

test("that fails, is not there, or is asked too much of is told of and counted", async () => {
  const { runner, warnings } = programOf("exit 3");
  runner.run("begin", {});
  runner.run("end", { text: "x".repeat(300_000) });
  await runner.close();
  runner.run("end", {});
  expect(warnings).toEqual([
    expect.stringMatching(/^--on-incident PROGRAM was not run at the end of an incident: it is 3\d{5} characters/),
    "--on-incident PROGRAM failed at the begin of an incident: exit code 3",
    "--on-incident PROGRAM was not run at the end of an incident: the watch has ended",
  ]);
  expect(runner.failed).toBe(3);
  const missing: string[] = [];
  const program = join(temporaryDirectory(), "removed later");
  writeFileSync(program, "");
  const absent = new IncidentProgram(program, (text) => missing.push(text));
  rmSync(program);
  absent.run("begin", {});
  await absent.close();
  expect(missing).toEqual([expect.stringMatching(/^--on-incident .* failed .*ENOENT/)]);
  for (const wrong of ["gzip -9", "/nonexistent", "no-such-program"]) {
    expect(() => new IncidentProgram(wrong, () => {})).toThrow(
      expect.objectContaining({ code: "USAGE", option: "onIncident" }),
    );
  }
});

test("that takes too long is ended, with what it has started", async () => {
  const lines = `trap '' TERM; (exec >"$here/held"; while :; do sleep 1000; done) & wait; wait`;
  const { runner, warnings, held } = programOf(lines, { run: 300, grace: 50 });
  runner.run("begin", {});
  await runner.close();
  expect(warnings).toEqual([
    "--on-incident PROGRAM failed at the begin of an incident: it took longer than 0.3 s, and was ended",
  ]);
  // A pipe that somebody holds has no end (EAGAIN).
  await expect.poll(() => readSync(held, Buffer.alloc(1))).toBe(0);
});

test("that hangs makes the end of a watch wait no longer than it may, and so does abandoning it", async () => {
  const { runner, warnings } = programOf("exec sleep 1000", { close: 50 });
  for (const moment of ["begin", "end"] as const) runner.run(moment, {});
  await runner.close();
  expect(warnings).toEqual([
    "--on-incident PROGRAM failed at the begin of an incident: the watch has ended",
    "--on-incident PROGRAM was not run at the end of an incident: the watch has ended",
  ]);
  const script = 'trap "echo ended >>$here/seen; exit" TERM; echo runs >"$here/seen"; read -r _ <"$here/pipe"';
  const { runner: second, seen, warnings: told } = programOf(script);
  second.run("begin", {});
  await expect.poll(() => seen()).toBe("runs\n");
  const closed = second.close();
  second.abandon();
  await closed;
  expect(second.failed).toBe(1);
  expect(told).toEqual(["--on-incident PROGRAM was ended at the begin of an incident: the watch has ended"]);
  await expect.poll(() => seen()).toBe("runs\nended\n");
});

test("that is slower than incidents come is not run for all of them", async () => {
  const { runner, warnings } = programOf('read -r _ <"$here/pipe"');
  for (let number = 0; number < 20; number++) runner.run("begin", { number });
  expect(warnings).toHaveLength(4);
  expect(warnings[0]).toBe(
    "--on-incident PROGRAM was not run at the begin of an incident: the program is too slow, and 16 others wait for it",
  );
  runner.abandon();
});

test("is refused for a user who may not execute it, or not come to it", () => {
  const here = temporaryDirectory();
  const program = join(here, "program");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o750 });
  const runner = new IncidentProgram(program, () => {});
  const account = { name: "someone", user: 4242, group: 4242, groups: [4242] };
  const check = () => runner.checkFor(account);
  const refused = (why: string, place: string) => {
    const message = `onIncident: user 4242 may not execute ${program}${why}`;
    return expect.objectContaining({ message, hint: `chmod a+x ${place}` });
  };
  // The temporary directory is for its owner alone.
  expect(check).toThrow(refused(`, because that user may not enter ${here}`, here));
  chmodSync(here, 0o755);
  expect(check).toThrow(refused("", program));
  chmodSync(program, 0o755);
  expect(check).not.toThrow();
  chmodSync(program, 0o644);
  expect(() => runner.checkFor({ ...account, user: 0 })).toThrow(/user 0 may not execute/);
});
