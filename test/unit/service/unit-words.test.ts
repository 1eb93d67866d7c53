import { expect, test } from "vitest";
import { boundPathWord, commandWord, fitsIntoUnit, pathWord } from "../../../src/service/unit-words.ts";

test.each([
  ["incidents", "incidents"],
  ["", '""'],
  [";", '";"'],
  ["syn > 5k/s for 2s", '"syn > 5k/s for 2s"'],
  ["x-%Y%m%d.pcap", '"x-%%Y%%m%%d.pcap"'],
  ["$HOME", '"$$HOME"'],
  ['say "yes"\\', '"say \\"yes\\"\\\\"'],
  ["it's", '"it\'s"'],
  ["grün", '"grün"'],
  ["#", '"#"'],
])("the word %j of a command line is %s", (word, written) => {
  expect(commandWord(word)).toBe(written);
});

test("a path has no variables, and a bound one no second path", () => {
  expect(pathWord("/srv/a $b%")).toBe('"/srv/a $b%%"');
  expect(boundPathWord("/home/a:b")).toBe("/home/a\\:b");
});

test.each(["a\nb", "a\tb", "a\u0000b", "a\u007fb", "a\ud800b", "a\ufffdb"])("a unit cannot hold %j", (word) => {
  expect(fitsIntoUnit(word)).toBe(false);
  expect(fitsIntoUnit("a b é 🙂")).toBe(true);
});
