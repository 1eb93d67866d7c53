/** Which users may make files in a directory, by its mode. */
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { refuseUnwritable } from "../../../src/outputs/output-directory.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("a user makes files where its user, its group or one of its groups may", () => {
  const directory = temporaryDirectory();
  const { uid, gid } = statSync(directory);
  const name = join(directory, "x.pcap");
  const [user, group] = [4242, 4242];
  const refused = expect.objectContaining({ code: "OUTPUT" });
  chmodSync(directory, 0o770);
  for (const owner of [
    { user: uid, group },
    { user, group: gid },
    { user, group, groups: [4343, gid] },
  ]) {
    expect(() => refuseUnwritable(name, owner)).not.toThrow();
  }
  expect(() => refuseUnwritable(name, { user, group, groups: [4343] })).toThrow(refused);
  // A process that stays root has no capability that lets it pass over the mode.
  chmodSync(directory, 0o555);
  expect(() => refuseUnwritable(name, { user: 0, group: 0 })).toThrow(refused);
  chmodSync(directory, 0o707);
  expect(() => refuseUnwritable(name, { user, group })).not.toThrow();
  expect(() => refuseUnwritable(name, { user, group: gid })).toThrow(refused);
  expect(() => refuseUnwritable(join(name, "y.pcap"), { user, group })).toThrow(refused);
  // What is above the directory has to be entered too, unless the process is in it.
  const inner = join(directory, "inner");
  mkdirSync(inner, { mode: 0o777 });
  chmodSync(inner, 0o777);
  expect(() => refuseUnwritable(join(inner, "x.pcap"), { user, group })).not.toThrow();
  chmodSync(directory, 0o700);
  const closed = expect.objectContaining({ message: expect.stringContaining(`because it may not enter ${directory}`) });
  expect(() => refuseUnwritable(join(inner, "x.pcap"), { user, group })).toThrow(closed);
  vi.spyOn(process, "cwd").mockReturnValue(inner);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  expect(() => refuseUnwritable("x.pcap", { user, group })).not.toThrow();
});
