/**
 * Runs a command as systemd would where systemd does not run: in a mount namespace of its own, as a user without a name, with
 * the capabilities of the unit. What seccomp and control groups restrict is not restricted here.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatagramReceiver } from "../../native/datagram.ts";
import type { Service } from "../service.ts";
import type { AttemptSettings, Outcome, Runner } from "./attempt.ts";
import { confinedWords } from "./confined-words.ts";

/** Milliseconds to wait for a command that neither becomes ready nor ends. */
const PATIENCE = 30_000;
/** Milliseconds for a command to end that was asked to. It is killed then. */
const LAST_CHANCE = 10_000;
const READY = /^READY=1$/m;

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
    const directory = mkdtempSync("/run/ringcap-check-");
    chmodSync(directory, 0o711);
    try {
      return await this.#run(service, settings, directory, onLine, signal);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  async #run(
    service: Service,
    settings: AttemptSettings,
    directory: string,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const notify = join(directory, "notify");
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    let readyAfter: number | undefined;
    const [command = "", ...words] = confinedWords(service, settings, directory);
    using _receiver = new DatagramReceiver(notify, (message) => {
      if (!READY.test(message)) return;
      readyAfter ??= seconds();
      end();
    });
    chmodSync(notify, 0o777);
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"], env: {}, detached: true });
    let killer: NodeJS.Timeout | undefined;
    const end = () => {
      child.kill("SIGTERM");
      killer ??= setTimeout(() => child.kill("SIGKILL"), this.#lastChance);
    };
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const late = setTimeout(end, this.#patience);
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (readyAfter === undefined) onLine?.(line);
    });
    const exitCode = await new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? undefined));
    }).finally(() => {
      clearTimeout(late);
      clearTimeout(killer);
      signal.removeEventListener("abort", end);
    });
    const wasLate = seconds() * 1000 >= this.#patience;
    const isReady = readyAfter !== undefined;
    return { isReady, seconds: readyAfter ?? seconds(), exitCode: isReady || wasLate ? undefined : exitCode };
  }
}
