import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { countLines, listeningLine, lossWarning } from "../../../src/cli/messages.ts";
import { RAW_IP } from "../../../src/packets/link-types.ts";
import type { PacketReport } from "../../../src/pipeline/run.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { run } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const none: PacketReport = {
  ...{ seen: 0, matched: 0, sampledOut: 0, rateLimited: 0 },
  ...{ ringDropped: 0, overLimit: 0, written: 0, writeFailed: 0 },
};

test("the first line says where, how, what kind and how much, in tcpdump's words", () => {
  const wg0 = { name: "wg0", index: 7, link: RAW_IP, hook: "tc", direction: "in" } as const;
  expect(listeningLine(wg0, 262_144)).toBe(
    "listening on wg0 (tc, in), link-type RAW (Raw IP), snapshot length 262144 bytes",
  );
  expect(listeningLine({ ...wg0, direction: "inout" }, 1)).toMatch(/ \(tc, inout\), .* snapshot length 1 byte$/);
});

test("the last lines are tcpdump's", () => {
  expect(countLines({ ...none, seen: 9, matched: 6, written: 3, ringDropped: 2, writeFailed: 1 })).toBe(
    "3 packets captured\n6 packets received by filter\n2 packets dropped by kernel",
  );
});

test("packets that were left out are told and are no loss", () => {
  const packets = { ...none, seen: 9, matched: 9, sampledOut: 6, rateLimited: 1, written: 2 };
  expect(countLines(packets)).toBe(
    "2 packets captured\n9 packets received by filter\n6 packets sampled out\n1 packet beyond the rate limit\n0 packets dropped by kernel",
  );
  expect(lossWarning(packets)).toBeUndefined();
});

test("one packet is a packet", () => {
  const one = { ...none, seen: 1, matched: 1, written: 1, ringDropped: 1 };
  expect(countLines(one)).toBe("1 packet captured\n1 packet received by filter\n1 packet dropped by kernel");
  expect(lossWarning(one)).toMatch(/of 1 packet that matched/);
});

test("a capture of which nothing was lost has no warning", () => {
  expect(lossWarning({ ...none, seen: 100, matched: 50, written: 40, overLimit: 10 })).toBeUndefined();
});

test("a full ring and a failed write are told apart, with what helps", () => {
  const ringDropped = lossWarning({ ...none, matched: 10, written: 8, ringDropped: 2 });
  expect(ringDropped).toMatch(
    /^the capture is incomplete: of 10 packets that matched, 2 found the ring full .*--buffer-size/,
  );
  expect(lossWarning({ ...none, matched: 10, written: 7, writeFailed: 3 })).toBe(
    "the capture is incomplete: of 10 packets that matched, 3 could not be written",
  );
  expect(lossWarning({ ...none, matched: 10, ringDropped: 4, writeFailed: 6 })).toMatch(/ 4 found .* and 6 could not/);
});

test("packets whose bytes the kernel did not give are no matter of the ring", () => {
  expect(lossWarning({ ...none, matched: 10, written: 8, ringDropped: 2 }, 2)).toBe(
    "the capture is incomplete: of 10 packets that matched, 2 had bytes that the kernel did not give",
  );
  expect(lossWarning({ ...none, matched: 10, written: 5, ringDropped: 5 }, 2)).toMatch(
    / 3 found the ring full .* and 2 had/,
  );
});

const built = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url)));
const script = `
  import { sayError, sayNote, sayWarning } from ${built("cli/messages.js")};
  import { usageError } from ${built("errors.js")};
  sayNote("note");
  sayWarning("warning");
  sayError(usageError("--port", "text", "hint"));
  sayError(Object.assign(new Error("fault"), { stack: "stack" }));`;
const args = ["--input-type=module", "-e", script];
const lines = [
  "ringcap: note",
  "ringcap: warning: warning",
  "ringcap: error: --port: text",
  "ringcap: hint",
  "ringcap: error: fault",
  "stack",
  "",
];

test("messages go to stderr, the hint of an error on its own line, the stack of a fault below it", async () => {
  expect(await run(process.execPath, args)).toMatchObject({ stdout: "", stderr: lines.join("\n"), code: 0 });
});

test("for the journal each line has its priority, where standard error is what the journal reads", async () => {
  const file = join(temporaryDirectory(), "journal");
  const fd = openSync(file, "a");
  onTestFinished(() => closeSync(fd));
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const imports = `import { givePriorities, say } from ${built("cli/messages.js")};`;
  const journalScript = `${imports}givePriorities();${script}say("two\\nlines");`;
  const textFor = async (stream: string) => {
    ftruncateSync(fd);
    const env = { ...process.env, JOURNAL_STREAM: stream };
    const words = ["--input-type=module", "-e", journalScript];
    const child = spawn(process.execPath, words, { env, stdio: ["ignore", "ignore", fd] });
    expect(await once(child, "close")).toEqual([0, null]);
    return readFileSync(file, "utf8");
  };
  const entries = [...lines.slice(0, -1), "two", "lines", ""];
  const priorities = ["<5>", "<4>", "<3>", "<5>", "<3>", "<3>", "<6>", "<6>", ""];
  expect(await textFor(`${dev}:${ino}`)).toBe(entries.map((line, index) => `${priorities[index]}${line}`).join("\n"));
  expect(await textFor(`${dev}:${ino + 1n}`)).toBe(entries.join("\n"));
});

test("a stderr that nobody reads, or that is closed, is no reason to fail", async () => {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.destroy();
  expect(await once(child, "close")).toEqual([0, null]);
  const closed = await run("sh", ["-c", '"$0" "$@" 2>&-', process.execPath, ...args]);
  expect(closed).toMatchObject({ code: 0, stdout: "" });
});

describeWith(requirements.tools("script"), "on a terminal", () => {
  const onTerminal = async (env: NodeJS.ProcessEnv) => {
    const words = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const { stdout } = await run("script", ["-qec", words, "/dev/null"], { env: { PATH: process.env.PATH, ...env } });
    return stdout.replaceAll("\r", "");
  };

  test("warnings and errors are coloured", async () => {
    const text = await onTerminal({ TERM: "xterm" });
    expect(text).toContain("ringcap: \u001b[33mwarning:\u001b[39m warning\n");
    expect(text).toContain("ringcap: \u001b[31merror:\u001b[39m --port: text\n");
  });

  test("NO_COLOR is honoured", async () => {
    expect(await onTerminal({ TERM: "xterm", NO_COLOR: "1" })).toBe(lines.join("\n"));
  });
});
