/** The program of -z, which works on files slower than they come. */
import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FinishedFiles } from "../../../src/outputs/finished-files.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("is not run for a file that was removed before its turn", async () => {
  const directory = temporaryDirectory();
  const [program, seen, gate] = [join(directory, "program"), join(directory, "seen"), join(directory, "gate")];
  writeFileSync(program, `#!/bin/sh\necho "$1" >>"${seen}"\nread -r _ <"${gate}"\n`);
  chmodSync(program, 0o755);
  execFileSync("mkfifo", [gate]);
  const files = [1, 2, 3, 4].map((number) => join(directory, `x_0000${number}.pcap`));
  const [first = "", second = "", third = "", fourth = ""] = files;
  const warnings: string[] = [];
  const finished = new FinishedFiles(program, (text) => warnings.push(text));
  for (const file of files) {
    writeFileSync(file, "");
    finished.add(file);
  }
  expect(files.map((file) => finished.isBusyWith(file))).toEqual([true, true, false, false]);
  unlinkSync(third);
  // Open for both directions, so that no program waits for the gate to be opened.
  const opened = openSync(gate, constants.O_RDWR);
  writeSync(opened, "\n".repeat(files.length));
  await finished.whenIdle();
  closeSync(opened);
  expect(readFileSync(seen, "utf8").trimEnd().split("\n").sort()).toEqual([first, second, fourth]);
  expect(warnings).toEqual([`--on-file ${program} is too slow: ${third} was gone before its turn`]);
  expect(finished.failed).toBe(1);
});

test("is named without arguments, but may have a space in its name", () => {
  const program = join(temporaryDirectory(), "my program");
  writeFileSync(program, "");
  expect(() => new FinishedFiles(program, () => {})).not.toThrow();
  expect(() => new FinishedFiles("/nonexistent/program", () => {})).not.toThrow();
  for (const wrong of ["gzip -9", `${program} -9`]) {
    expect(() => new FinishedFiles(wrong, () => {})).toThrow(
      expect.objectContaining({ code: "USAGE", option: "onFile", hint: expect.stringMatching(/write a script/) }),
    );
  }
});
