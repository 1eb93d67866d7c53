import { expect, test } from "vitest";
import { explainFirstWord } from "../../../src/cli/first-word.ts";
import { messageInFlags } from "../../../src/cli/option-words.ts";
import type { RingcapError } from "../../../src/errors.ts";

const isInterface = (word: string) => word === "eth0" || word === "ip";

test.each<readonly [string, string]>([
  ["eth0", "type -i eth0"],
  ["tcpdump", "leave it out: "],
  ["TShark", "leave it out: "],
  ["read", "type ringcap replay <file>"],
  ["interfaces", "type ringcap -D"],
  ["version", "type ringcap --version"],
  ["sniff", "type ringcap capture"],
])("%s is answered with what to type", (word, hint) => {
  expect(() => explainFirstWord(word, isInterface)).toThrow(
    expect.objectContaining({ code: "USAGE", hint: expect.stringContaining(hint) }),
  );
});

test.each([undefined, "", "ip", "tcp port 80", "10.0.0.1", "eth0 port 80", "constructor"])(
  "%s is left to libpcap",
  (word) => {
    expect(() => explainFirstWord(word, isInterface)).not.toThrow();
  },
);

test("interfaces of this host are known, and what is no name of one is not looked for", () => {
  expect(() => explainFirstWord("lo")).toThrow(/is the name of an interface/);
  for (const word of [".", "..", "lo/address", "/"]) expect(() => explainFirstWord(word)).not.toThrow();
});

test("the word is said as it was typed, and not as an option", () => {
  expect.assertions(1);
  try {
    explainFirstWord("eth0", isInterface);
  } catch (error) {
    expect(messageInFlags(error as RingcapError)).toBe(
      "eth0: this is the name of an interface, which begins no expression",
    );
  }
});
