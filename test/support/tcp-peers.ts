/** Programs that connect and accept, as processes with names and users of their own (tcp-peer.c). */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { End, TestNetwork } from "./network.ts";
import { runOrFail } from "./run.ts";

const source = fileURLToPath(new URL("tcp-peer.c", import.meta.url));

/** What a peer says after each command: of its present connection. */
export interface PeerReport {
  readonly pid: number;
  readonly uid: number;
  /** Name of the error, or empty. */
  readonly errno: string;
  readonly localPort: number;
  /** When connect(2), or accept(2), of the connection was called and when it returned: CLOCK_MONOTONIC. */
  readonly begunNs: number;
  readonly readyNs: number;
  /** When this command was called, and when it was done. */
  readonly calledNs: number;
  readonly endedNs: number;
  readonly sent: number;
  readonly received: number;
}

export interface Peer {
  readonly pid: number;
  readonly comm: string;
  /** Runs a command of tcp-peer.c; rejects when the peer ends before it answers. */
  run(command: string): Promise<PeerReport>;
}

export interface PeerFactory {
  /** Removes the program. */
  dispose(): void;
  /** Starts a peer in a namespace. Killed at the end of the test. */
  start(end: End, comm: string, uid?: number): Promise<Peer>;
}

/** Compiles the program. */
export async function peersIn(network: TestNetwork): Promise<PeerFactory> {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-test-"));
  chmodSync(directory, 0o755);
  const program = join(directory, "tcp-peer");
  await runOrFail("gcc", ["-O1", "-o", program, source]);
  return {
    dispose: () => rmSync(directory, { recursive: true, force: true }),
    start: async (end, comm, uid = 0) => {
      const path = join(directory, comm);
      if (!existsSync(path)) copyFileSync(program, path);
      const user = ["setpriv", `--reuid=${uid}`, "--clear-groups", path];
      const child = network.spawn(end, user[0] ?? "", user.slice(1));
      onTestFinished(() => void child.kill("SIGKILL"));
      // It has become the program, and has the pid, once it answers.
      const run = commandsOf(child);
      const { pid } = await run("shutdown");
      return { pid, comm: comm.slice(0, 15), run };
    },
  };
}

function commandsOf(child: ChildProcessWithoutNullStreams): Peer["run"] {
  const waiting: { resolve: (report: PeerReport) => void; reject: (error: Error) => void }[] = [];
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line) as PeerReport));
  let messages = "";
  child.stderr.on("data", (chunk: Buffer) => {
    messages += chunk;
  });
  child.once("close", () => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the peer ended: ${messages}`));
  });
  child.stdin.on("error", () => {});
  return (command) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${command}\n`);
    });
}
