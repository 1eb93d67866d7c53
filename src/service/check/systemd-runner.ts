/** Runs a command as a unit of systemd, which is there for the time of the check alone. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Service } from "../service.ts";
import { type Setting, unitSections } from "../unit-settings.ts";
import { sectionsText, unitFile } from "../unit-text.ts";
import { boundPathWord } from "../unit-words.ts";
import type { AttemptSettings, Outcome, Runner } from "./attempt.ts";
import { makeRunDirectory } from "./run-directory.ts";
import { StandIns } from "./stand-in.ts";

/** What belongs to a service that stays. */
const OF_A_SERVICE = /^(Restart|WatchdogSec|TimeoutStartSec)/;
/** Seconds to wait for a command that neither becomes ready nor ends. */
const PATIENCE = 30;

export class SystemdRunner implements Runner {
  readonly by = "systemd";
  readonly known = undefined;
  readonly #units: string;

  /** @param units the directory of units that are gone after the next boot */
  constructor(units = "/run/systemd/system") {
    this.#units = units;
  }

  async attempt(
    service: Service,
    settings: AttemptSettings,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const tried = checkedService(service);
    const unit = unitFile(tried);
    const file = join(this.#units, unit);
    const directory = makeRunDirectory("/run");
    const messages = join(directory, "messages");
    const start = performance.now();
    const stop = () => void systemctl(["stop", unit]);
    try {
      const standIns = new StandIns(service);
      try {
        writeFileSync(file, checkText(tried, settings, messages, standIns.paths));
        await systemctl(["daemon-reload"]);
        signal.addEventListener("abort", stop);
        const isReady = !signal.aborted && (await systemctl(["start", unit])) === 0;
        const seconds = (performance.now() - start) / 1000;
        const end = isReady ? NO_END : endOf(await output("systemctl", ["show", ...END_PROPERTIES, unit]));
        for (const line of linesOf(messages)) onLine?.(line);
        return { isReady, seconds, ...end };
      } finally {
        signal.removeEventListener("abort", stop);
        await removeUnit(unit, file);
        standIns.remove();
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

async function removeUnit(unit: string, file: string): Promise<void> {
  await systemctl(["stop", unit]);
  await systemctl(["reset-failed", unit]);
  await systemctl(["clean", "--what=state", unit]);
  rmSync(file, { force: true });
  await systemctl(["daemon-reload"]);
}

type End = Pick<Outcome, "exitCode" | "endedBy">;

const NO_END: End = { exitCode: undefined, endedBy: undefined };
const END_PROPERTIES = ["-p", "Result", "-p", "ExecMainCode", "-p", "ExecMainStatus"];
/** si_code of a process that ended by itself, of one that a signal ended, and of one that it left a core of (sigaction(2)). */
const CLD_EXITED = 1;
const BY_SIGNAL = [2, 3];

/** How the main process ended, by the properties that systemctl(1) shows. What did not end in time was ended by systemd. */
export function endOf(properties: string): End {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(properties)?.[1] ?? "";
  if (value("Result") === "timeout") return NO_END;
  const [code, status] = [Number(value("ExecMainCode")), Number(value("ExecMainStatus"))];
  if (code === CLD_EXITED) return { exitCode: status, endedBy: undefined };
  if (!BY_SIGNAL.includes(code)) return NO_END;
  const [name] = Object.entries(constants.signals).find(([, number]) => number === status) ?? [];
  return { exitCode: undefined, endedBy: name ?? `signal ${status}` };
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

/**
 * @param messages the file that the command's messages go to
 * @param standIns what stands for a directory that the service writes to, by its path
 */
export function checkText(
  service: Service,
  { applied, further }: AttemptSettings,
  messages: string,
  standIns: ReadonlyMap<string, string>,
): string {
  const settings = unitSections(service).Service.flatMap(([name, value]): Setting[] => {
    if (OF_A_SERVICE.test(name) || name === "BindPaths") return [];
    if (!applied.has(name)) return name === "AmbientCapabilities" && isUser(applied) ? [[name, "~"]] : [];
    return [[name, /^(Ambient|CapabilityBounding)/.test(name) ? [value, ...further].join(" ") : value]];
  });
  const ends: Setting[] = [
    ...[...standIns].map((pair): Setting => ["BindPaths", pair.toReversed().map(boundPathWord).join(":")]),
    ["TimeoutStartSec", `${PATIENCE}s`],
    // It ends also where nobody is left to stop it.
    ["RuntimeMaxSec", `${PATIENCE}s`],
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
