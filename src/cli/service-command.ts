/** Runs `ringcap service unit` and `ringcap service check`. */
import { printableJson } from "../outputs/index.ts";
import { checkService, unitText } from "../service/index.ts";
import { print, say, sayNote } from "./messages.ts";
import type { ServiceFlags } from "./service-options.ts";
import { readService } from "./service-request.ts";
import { onStopSignal } from "./stop-signals.ts";

/** Runs the command. @returns the exit code */
export async function runServiceUnit(words: readonly string[], flags: ServiceFlags): Promise<number> {
  print(unitText(await readService(words, flags)));
  return 0;
}

/** Runs the command. @returns the exit code */
export async function runServiceCheck(words: readonly string[], flags: ServiceFlags): Promise<number> {
  const service = await readService(words, flags);
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const check = await checkService(service, { signal: stop.signal, onLine: say, onNote: sayNote });
  if (flags.json) print(`${printableJson({ version: 1, ...check })}\n`);
  else if (check.isReady) say(`ready after ${check.seconds.toFixed(2)} s, as ${check.by} runs it`);
  return check.exitCode;
}
