import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ListOption, listItems } from "../../../src/filter/lists.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function fileWith(text: string): string {
  const path = join(temporaryDirectory(), "list.txt");
  writeFileSync(path, text);
  return path;
}

test.each<[ListOption, string[]]>([
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  [" a ,\tb ", ["a", "b"]],
  [7, ["7"]],
  [
    ["a,b", 7],
    ["a", "b", "7"],
  ],
])("%j has the items %j", (list, items) => {
  expect(listItems("--port", list)).toEqual(items);
});

test("a list with @ comes from a file, one item a line, without comments and blank lines", () => {
  const path = fileWith("# blocked\n10.0.0.1\n\n  10.0.0.2\t# the second\r\n#10.0.0.3\n10.0.0.4");
  expect(listItems("--host", `@${path}`)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.4"]);
});

test("files and items may be mixed by repeating the option", () => {
  expect(listItems("--port", ["22", `@${fileWith("80\n443\n")}`, "8080"])).toEqual(["22", "80", "443", "8080"]);
});

test("a file of 100,000 lines is read", () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => String(index));
  expect(listItems("--port", `@${fileWith(lines.join("\n"))}`)).toEqual(lines);
});

test.each<[ListOption]>([[""], [","], ["80,"], [",80"], ["80,,443"], [" "], [["80", ""]], [[]]])(
  "%j is refused for its empty item",
  (list) => {
    expect(() => listItems("--port", list)).toThrow(
      expect.objectContaining({ code: "USAGE", message: "--port: an item of the list is empty" }),
    );
  },
);

test("a file without items is refused, and named", () => {
  const path = fileWith("# nothing\n\n");
  expect(() => listItems("--port", `@${path}`)).toThrow(
    expect.objectContaining({ code: "USAGE", message: `--port: the list ${path} has no items` }),
  );
});

test.each([
  ["that does not exist", () => join(temporaryDirectory(), "absent"), "ENOENT"],
  ["that is a directory", () => temporaryDirectory(), "EISDIR"],
  ["without a name", () => "", "ENOENT"],
])("a file %s is refused with the reason", (_, path, errno) => {
  expect(() => listItems("--port", `@${path()}`)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringMatching(`^--port: cannot read the list: ${errno}`),
    }),
  );
});
