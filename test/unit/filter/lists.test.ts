import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RingcapError } from "../../../src/errors.ts";
import { compileFilter } from "../../../src/filter/filter.ts";
import { LIST_ITEMS_MAX, type ListOption, listItems, readingOnce } from "../../../src/filter/lists.ts";
import { parseNetwork } from "../../../src/filter/networks.ts";
import { parsePorts } from "../../../src/filter/ports.ts";
import { parseComms, parsePids } from "../../../src/filter/processes.ts";
import { parseProtocols } from "../../../src/filter/protocols.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const parseNetworks = (option: string, list: ListOption) =>
  listItems(option, list).map((item) => parseNetwork(option, item));

const textsOf = (option: string, list: ListOption) => listItems(option, list).map(({ text }) => text);

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
  expect(textsOf("port", list)).toEqual(items);
});

test("a list with @ comes from a file, one item a line, without comments and blank lines", () => {
  const path = fileWith("# blocked\n10.0.0.1\n\n  10.0.0.2\t# the second\r\n#10.0.0.3\n10.0.0.4");
  expect(textsOf("host", `@${path}`)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.4"]);
});

test("files and items may be mixed by repeating the option", () => {
  expect(textsOf("port", ["22", `@${fileWith("80\n443\n")}`, "8080"])).toEqual(["22", "80", "443", "8080"]);
});

test("a file of 100,000 lines is read", () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => String(index));
  expect(textsOf("port", `@${fileWith(lines.join("\n"))}`)).toEqual(lines);
});

test.each<[ListOption]>([[""], [","], ["80,"], [",80"], ["80,,443"], [" "], [["80", ""]], [[]]])(
  "%j is refused for its empty item",
  (list) => {
    expect(() => listItems("port", list)).toThrow(
      expect.objectContaining({ code: "USAGE", message: "port: an item of the list is empty" }),
    );
  },
);

test("a file without items is refused, and named", () => {
  const path = fileWith("# nothing\n\n");
  expect(() => listItems("port", `@${path}`)).toThrow(
    expect.objectContaining({ code: "USAGE", message: `port: the list ${path} has no items` }),
  );
});

test.each([
  ["that does not exist", () => join(temporaryDirectory(), "absent"), "ENOENT"],
  ["that is a directory", () => temporaryDirectory(), "EISDIR"],
  ["without a name", () => "", "ENOENT"],
])("a file %s is refused with the reason", (_, path, errno) => {
  expect(() => listItems("port", `@${path()}`)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringMatching(`^port: cannot read the list: ${errno}`),
    }),
  );
});

test("a device without an end is left, and refused for its length", () => {
  expect(() => listItems("port", "@/dev/zero")).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(/\/dev\/zero has more than \d+ bytes$/) }),
  );
});

test("a file with more items than a list may have is refused, without an end in memory", () => {
  const read = () => "1\n".repeat(11_000_000);
  const refusal = { code: "USAGE", message: `port: there are more than ${LIST_ITEMS_MAX} items` };
  expect(() => listItems("port", "@list", read)).toThrow(
    expect.objectContaining({ ...refusal, hint: expect.stringContaining("ringcap replay") }),
  );
});

test("the lists of networks have no more items together", () => {
  const list = "10.0.0.1\n".repeat(LIST_ITEMS_MAX / 2);
  const read = (path: string) => (path === "longer" ? `${list}10.0.0.1` : list);
  expect(compileFilter({ host: "@list", sourceNetwork: "@list" }, read).networkCount).toBe(LIST_ITEMS_MAX);
  expect(() => compileFilter({ host: "@list", sourceNetwork: "@longer" }, read)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(/^sourceNetwork: there are more than/) }),
  );
});

test("a line that begins with @ names no further file", () => {
  expect(textsOf("comm", `@${fileWith(`@${fileWith("80")}`)}`)).toEqual([expect.stringMatching(/^@/)]);
});

test.each([
  ["port", (list: string) => parsePorts("port", list), "line 3 of FILE is not a port from 0 to 65535"],
  ["protocol", (list: string) => parseProtocols("protocol", list), "line 3 of FILE is not a protocol"],
  ["host", (list: string) => parseNetworks("host", list), "line 3 of FILE is not an IP address"],
  ["pid", parsePids, "line 3 of FILE is not a process id"],
  ["comm", parseComms, "line 3 of FILE is longer than any name of a process"],
])("%s names the line of a file that is wrong, and not what stands there", (option, parse, message) => {
  const path = fileWith("# a secret\n\nroot:secret:19000:0:99999:7:::\n");
  let error: unknown;
  try {
    parse(`@${path}`);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: "USAGE", message: `${option}: ${message.replace("FILE", path)}` });
  expect(String((error as RingcapError).hint)).not.toContain("secret");
});

test.each([
  ["443-80", parsePorts, "line 1 of FILE is a range that ends before it begins"],
  ["10.0.0.0/77", parseNetworks, "the prefix in line 1 of FILE is not a prefix length from 0 to 32"],
  ["10.0.0.1/8", parseNetworks, "line 1 of FILE has bits set behind its prefix of 8 bits"],
])("nor is %s shown, in its error or its hint", (line, parse, message) => {
  const path = fileWith(line);
  expect(() => parse("--x", `@${path}`)).toThrow(
    expect.objectContaining({ message: `--x: ${message.replace("FILE", path)}`, hint: undefined }),
  );
});

test("a reader that reads once gives the same text again", () => {
  let reads = 0;
  const read = readingOnce((path) => `${path}${++reads}`);
  expect([read("a"), read("a"), read("b"), read("a")]).toEqual(["a1", "a1", "b2", "a1"]);
});

test.each([
  ["sixteen-bytes-it", "sixteen-bytes-i"],
  ["äääääääää", "äääääää"],
  ["x🦀🦀🦀🦀", "x🦀🦀🦀"],
])("what the kernel keeps of the name %s has whole characters", (name, kept) => {
  expect(() => parseComms(name)).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(`comm: "${kept}"\`$`) }),
  );
});
