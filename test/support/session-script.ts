/** Programs that use the library in a namespace of a test network. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { End, TestNetwork } from "./network.ts";

const library = new URL("../../dist/index.js", import.meta.url).href;

/**
 * `capture` and, from bpf objects to timers, what the text needs. `ready()` lets the test go on and waits for it;
 * `sumOf(counters)` is what must equal counters.matched; `bpfDescriptors()` counts what of BPF is still open,
 * `openDescriptors()` everything that a session holds.
 */
const preamble = `
import { readdirSync, readlinkSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
const { capture } = await import(${JSON.stringify(library)});
const ready = async () => {
  console.log("ready");
  process.stdin.resume();
  await once(process.stdin, "end");
};
const sumOf = ({ sampledOut, rateLimited, ringDropped, overLimit, delivered }) =>
  sampledOut + rateLimited + ringDropped + overLimit + delivered;
const descriptors = (pattern) => readdirSync("/proc/self/fd").filter((fd) => {
  try { return pattern.test(readlinkSync("/proc/self/fd/" + fd)); } catch { return false; }
}).length;
const bpfDescriptors = () => descriptors(/anon_inode:bpf/);
const openDescriptors = () => descriptors(/anon_inode:(bpf|.eventpoll|.timerfd)/);
const answer = (value) => console.log(JSON.stringify(value));
`;

/**
 * Runs the text, which calls ready() once; `meanwhile` happens then.
 *
 * @returns what it gave to answer(), once the process ended by itself
 */
export async function runSession(
  network: TestNetwork,
  end: End,
  text: string,
  meanwhile: () => Promise<unknown>,
): Promise<unknown> {
  const child = network.spawn(end, process.execPath, ["--input-type=module", "--eval", `${preamble}${text}`]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let messages = "";
  child.stderr.on("data", (chunk) => {
    messages += chunk;
  });
  const ended = once(child, "close");
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === "ready") {
      await meanwhile();
      child.stdin.end();
    } else lines.push(line);
  }
  const [code] = await ended;
  if (code !== 0 || lines.length !== 1) throw new Error(`exit code ${code}: ${lines.join("\n")}${messages}`);
  return JSON.parse(lines[0] ?? "");
}
