/** A network namespace in which Wireshark's folder and /usr/lib belong to the test alone. */
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { TestNetwork } from "./network.ts";
import { type RunOptions, type RunResult, run } from "./run.ts";
import { temporaryDirectory } from "./temporary.ts";

/**
 * What is written under /usr/lib is in a file system in memory, which goes with the process that holds it. The control groups
 * tell which process opens a socket, and `ip netns exec` hides them.
 */
const SETUP = `
  mount -t cgroup2 none /sys/fs/cgroup &&
  mount -t tmpfs tmpfs "$1" && mkdir "$1/upper" "$1/work" &&
  mount -t overlay overlay -o "lowerdir=/usr/lib,upperdir=$1/upper,workdir=$1/work" /usr/lib && echo ready && exec cat
`;

/** A user of whom the host knows nothing more. */
const OTHER_USER = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] as const;

export class WiresharkHost {
  /** A directory of which everybody reads. */
  readonly directory: string;
  readonly #pid: number;

  private constructor(directory: string, pid: number) {
    this.directory = directory;
    this.#pid = pid;
  }

  /** Makes it of end b of the network. Only inside a test. */
  static async create(network: TestNetwork): Promise<WiresharkHost> {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const layers = join(directory, "layers");
    mkdirSync(layers);
    const words = ["--mount", "--propagation", "private", "sh", "-c", SETUP, "sh", layers];
    const holder = network.spawn("b", "unshare", words);
    onTestFinished(async () => {
      holder.stdin.end();
      if (holder.exitCode === null) await once(holder, "exit");
    });
    const [ready] = (await Promise.race([once(holder.stdout, "data"), once(holder, "exit")])) as [unknown];
    if (`${ready}` !== "ready\n") throw new Error("the file systems of the test cannot be mounted");
    if (holder.pid === undefined) throw new Error("the process of the test did not start");
    return new WiresharkHost(directory, holder.pid);
  }

  /** The words before a command that is to run there. */
  commandIn(user: "root" | "other" = "root"): string[] {
    const enter = ["nsenter", `--target=${this.#pid}`, "--mount", "--net"];
    return [...enter, ...(user === "root" ? [] : OTHER_USER)];
  }

  run(
    user: "root" | "other",
    command: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<RunResult> {
    const [first = "nsenter", ...words] = [...this.commandIn(user), command, ...args];
    return run(first, words, { ...options, env: { ...process.env, HOME: this.directory, ...options.env } });
  }
}
