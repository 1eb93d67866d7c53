/** Runs a command as a unit of systemd, which is there for the time of the check alone. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Service } from "../service.ts";
import { type Setting, unitSections } from "../unit-settings.ts";
import { sectionsText, unitFile } from "../unit-text.ts";
import type { AttemptSettings, Outcome, Runner } from "./attempt.ts";

/** What belongs to a service that stays. */
const OF_A_SERVICE = /^(Restart|WatchdogSec|TimeoutStartSec)/;
/** Seconds to wait for a command that neither becomes ready nor ends. */
const PATIENCE = 30;

export class SystemdRunner implements Runner {
  readonly by = "systemd";
  readonly known = undefined;

  async attempt(
    service: Service,
    settings: AttemptSettings,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const tried = checkedService(service);
    const unit = unitFile(tried);
    const file = `/run/systemd/system/${unit}`;
    const directory = mkdtempSync("/run/ringcap-check-");
    const messages = join(directory, "messages");
    writeFileSync(file, checkText(tried, settings, messages));
    const start = performance.now();
    try {
      await systemctl(["daemon-reload"]);
      const stop = () => void systemctl(["stop", unit]);
      signal.addEventListener("abort", stop, { once: true });
      const isReady = (await systemctl(["start", unit])) === 0;
      signal.removeEventListener("abort", stop);
      const seconds = (performance.now() - start) / 1000;
      const status = isReady ? "" : await output("systemctl", ["show", "-P", "ExecMainStatus", unit]);
      for (const line of linesOf(messages)) onLine?.(line);
      return { isReady, seconds, exitCode: isReady ? undefined : Number(status) || undefined };
    } finally {
      await systemctl(["stop", unit]);
      await systemctl(["reset-failed", unit]);
      await systemctl(["clean", "--what=state", unit]);
      rmSync(file, { force: true });
      rmSync(directory, { recursive: true });
      await systemctl(["daemon-reload"]);
    }
  }
}

/**
 * The service under a name that no service has, because theirs have no dot. Its unit and its state directory are those of
 * the check alone.
 */
export function checkedService(service: Service): Service {
  return { ...service, name: `${service.name}.check` };
}

/** The lines of a file, which systemd makes when it starts the command. */
function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** @param messages the file that the command's messages go to */
function checkText(service: Service, { applied, further }: AttemptSettings, messages: string): string {
  const settings = unitSections(service).Service.flatMap(([name, value]): Setting[] => {
    if (OF_A_SERVICE.test(name)) return [];
    if (!applied.has(name)) return name === "AmbientCapabilities" && isUser(applied) ? [[name, "~"]] : [];
    return [[name, /^(Ambient|CapabilityBounding)/.test(name) ? [value, ...further].join(" ") : value]];
  });
  const ends: Setting[] = [
    ["TimeoutStartSec", `${PATIENCE}s`],
    ["StandardOutput", "null"],
    ["StandardError", `append:${messages}`],
  ];
  return sectionsText({ Service: [...settings, ...ends] });
}

function isUser(applied: ReadonlySet<string>): boolean {
  return applied.has("DynamicUser") || applied.has("User");
}

async function systemctl(words: readonly string[]): Promise<number> {
  const child = spawn("systemctl", words, { stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

async function output(command: string, words: readonly string[]): Promise<string> {
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "ignore"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(`${line}\n`);
  return lines.join("");
}
