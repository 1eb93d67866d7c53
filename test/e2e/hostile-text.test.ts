import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ip } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** What steers a terminal, hides text, or begins a line that a CI service obeys. */
const HOSTILE = "x\u001b]0;owned\u0007\u202e\u009b2J\n::error::owned";
const STEERING = /[^\P{Cc}\n\t]|\p{Cf}|^::/mu;

/** What the command says, on both streams. */
async function textOf(words: readonly string[], options: { cwd?: string; prefix?: readonly string[] } = {}) {
  const { stdout, stderr } = await startRingcap(words, options).exit;
  const text = `${stdout.toString()}${stderr}`;
  expect(text).not.toBe("");
  return text;
}

describeWith([], "text that others chose steers nothing", () => {
  test.each([
    ["the name of a missing file", ["replay", HOSTILE]],
    ["the name of a suite", ["verify", HOSTILE]],
    ["an option", [`--${HOSTILE}`]],
    ["the value of an option", ["--port", HOSTILE]],
    ["an expression", ["capture", HOSTILE]],
    ["a host's name in an expression", ["compile", `host ${HOSTILE}`]],
    ["the name of an interface", ["-i", HOSTILE]],
    ["the name of a list", ["--port", `@${HOSTILE}`]],
    ["a word that is nearly a command", [`doctor${"\u202e"}`]],
    ["a file to send", ["send", HOSTILE, "-i", "lo"]],
  ])("in %s", async (_case, words) => {
    expect(await textOf(words)).not.toMatch(STEERING);
  });

  test.each(["spec", "tap", "junit", "json"])("in a suite, reported as %s", async (reporter) => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "captures"));
    const cases = [
      { name: HOSTILE, capture: HOSTILE, filter: { port: HOSTILE } },
      { name: `second ${HOSTILE}`, capture: "missing.pcap", [HOSTILE]: 1 },
    ];
    writeFileSync(join(cwd, "suite.json"), JSON.stringify({ version: 1, cases: cases.slice(0, 1) }));
    writeFileSync(join(cwd, "unknown.json"), JSON.stringify({ version: 1, cases, [HOSTILE]: true }));
    writeFileSync(join(cwd, "broken.json"), `{"${HOSTILE}`);
    const words = ["verify", "suite.json", "unknown.json", "broken.json", "--reporter", reporter];
    expect(await textOf(words, { cwd })).not.toMatch(STEERING);
  });
});

describeWith([requirements.root, requirements.bpf, requirements.namespaces], "the name of an interface", () => {
  test("steers nothing in lists, messages and JSON", async () => {
    await using network = await TestNetwork.create();
    const name = "w\u001b[2J\u202e";
    await ip(network, "b", `link add ${name} type veth peer name w1`);
    const prefix = network.commandIn("b");
    for (const words of [["-D"], ["-D", "--json"], ["doctor"], ["-i", name, "--duration", "0.1", "--json"]]) {
      expect(await textOf(words, { prefix })).not.toMatch(STEERING);
    }
  });
});
