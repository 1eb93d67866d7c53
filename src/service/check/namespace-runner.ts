/**
 * Runs a command as systemd would where systemd does not run: in a mount namespace of its own, as a user without a name, with
 * the capabilities of the unit. What seccomp and control groups restrict is not restricted here.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatagramReceiver } from "../../native/datagram.ts";
import type { Service } from "../service.ts";
import type { AttemptSettings, Outcome, Runner } from "./attempt.ts";
import { confinedWords, type Surroundings } from "./confined-words.ts";
import { makeRunDirectory } from "./run-directory.ts";
import { StandIns } from "./stand-in.ts";

/** Milliseconds to wait for a command that neither becomes ready nor ends. */
const PATIENCE = 30_000;
/** Milliseconds for a command to end that was asked to. It is killed then. */
const LAST_CHANCE = 10_000;
const READY = /^READY=1$/m;
/** What stands for a state directory is on its file system, because options ask for free space there. */
const STATE_DIRECTORIES = "/var/lib";

export class NamespaceRunner implements Runner {
  readonly by = "a namespace with the unit's user, capabilities and mounts";
  readonly known = [
    ...["DynamicUser", "User", "AmbientCapabilities", "CapabilityBoundingSet", "NoNewPrivileges", "UMask"],
    ...["StateDirectory", "ProtectSystem", "ReadWritePaths", "ProtectHome", "PrivateTmp", "BindPaths"],
    ...["BindReadOnlyPaths", "ProtectKernelTunables", "ProtectControlGroups", "ProtectProc"],
  ];
  readonly #patience: number;
  readonly #lastChance: number;

  /** @param patience and lastChance are in milliseconds */
  constructor(patience = PATIENCE, lastChance = LAST_CHANCE) {
    this.#patience = patience;
    this.#lastChance = lastChance;
  }

  async attempt(
    service: Service,
    settings: AttemptSettings,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const standIns = new StandIns(service);
    try {
      const directory = makeRunDirectory(STATE_DIRECTORIES);
      try {
        chmodSync(directory, 0o711);
        return await this.#run(service, settings, { directory, standIns: standIns.paths }, onLine, signal);
      } finally {
        rmSync(directory, { recursive: true });
      }
    } finally {
      standIns.remove();
    }
  }

  async #run(
    service: Service,
    settings: AttemptSettings,
    surroundings: Surroundings,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const notify = join(surroundings.directory, "notify");
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    let readyAfter: number | undefined;
    const [command = "", ...words] = confinedWords(service, settings, surroundings);
    using _receiver = new DatagramReceiver(notify, (message) => {
      if (!READY.test(message)) return;
      readyAfter ??= seconds();
      end();
    });
    chmodSync(notify, 0o777);
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"], env: {}, detached: true });
    let killer: NodeJS.Timeout | undefined;
    let lastLines: NodeJS.Timeout | undefined;
    const end = () => {
      child.kill("SIGTERM");
      killer ??= setTimeout(() => killGroup(child), this.#lastChance);
    };
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const late = setTimeout(end, this.#patience);
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (readyAfter === undefined) onLine?.(line);
    });
    const [exitCode, endedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        killGroup(child);
        // A process with a group of its own may go on, and hold the pipe.
        lastLines = setTimeout(() => child.stderr.destroy(), this.#lastChance);
      });
      child.once("close", (code, name) => resolve([code, name]));
    }).finally(() => {
      clearTimeout(late);
      clearTimeout(killer);
      clearTimeout(lastLines);
      signal.removeEventListener("abort", end);
    });
    if (readyAfter !== undefined) {
      return { isReady: true, seconds: readyAfter, exitCode: undefined, endedBy: undefined };
    }
    const isOurs = killer !== undefined;
    return {
      isReady: false,
      seconds: seconds(),
      exitCode: isOurs ? undefined : (exitCode ?? undefined),
      endedBy: isOurs ? undefined : (endedBy ?? undefined),
    };
  }
}

/** Kills a command with all that it has started, but for what made a process group of its own. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // All of them have ended.
  }
}
