/** Names by the time that come again and again. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileNames } from "../../../src/outputs/file-names.ts";
import { NewFiles } from "../../../src/outputs/new-files.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("a name by the time that comes again is looked for behind the last one", () => {
  const directory = temporaryDirectory();
  const asked: string[] = [];
  const isOwn = (path: string) => {
    asked.push(path);
    return false;
  };
  const files = new NewFiles(new FileNames(join(directory, "x-%Y.pcap"), false), () => {}, isOwn);
  const made = [files.first(0), files.next(0), files.next(0), files.next(0)];
  const paths = ["x-1970.pcap", "x-1970_00002.pcap", "x-1970_00003.pcap", "x-1970_00004.pcap"].map((name) =>
    join(directory, name),
  );
  expect(made.map(({ path }) => path)).toEqual(paths);
  expect(asked).toEqual(paths);
  for (const file of made) file.discard();
  expect(readdirSync(directory)).toEqual([]);
});
