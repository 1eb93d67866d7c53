/** Runs `ringcap connections --half-open`. */

import { type HalfOpenOptions, halfOpen } from "../connections/index.ts";
import { RingcapError, usageError } from "../errors.ts";
import { type ByteOutput, openByteOutput } from "../outputs/index.ts";
import type { ConnectionsFlags } from "./connections-options.ts";
import { formatHalfOpenJson, formatHalfOpenTable, halfOpenHeader } from "./half-open-lines.ts";
import { say } from "./messages.ts";
import { ServiceLife } from "./service-life.ts";
import { STDOUT } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";

/** Runs the command. @returns the exit code */
export async function runHalfOpen(flags: ConnectionsFlags): Promise<number> {
  const options = toHalfOpenOptions(flags);
  const stop = new AbortController();
  const life = new ServiceLife();
  const output = openByteOutput(STDOUT, "standard output");
  const onStart = () => {
    // Until this line, a signal ends the process, because a list may be read from a pipe that nobody writes to.
    onStopSignal(
      () => stop.abort(),
      () => output.abandon(),
    );
    if (!flags.quiet) say("listening on TCP listeners (cgroup_skb ingress)");
    life.begun();
  };
  const views = halfOpen({ ...options, signal: stop.signal, onStart });
  try {
    let titled = flags.json ?? false;
    for await (const view of views) {
      if (!titled) await write(output, [halfOpenHeader()]);
      titled = true;
      await write(output, flags.json ? formatHalfOpenJson(view) : formatHalfOpenTable(view, flags.port !== undefined));
    }
    await output.close();
  } catch (error) {
    if (!(error instanceof RingcapError && error.code === "OUTPUT_CLOSED")) throw error;
  }
  life.ended();
  return 0;
}

async function write(output: ByteOutput, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await output.write(Buffer.from(`${lines.join("\n")}\n`));
}

/** Makes the options of the library. Options that have no meaning for listeners are refused by name. */
export function toHalfOpenOptions(flags: ConnectionsFlags): HalfOpenOptions {
  const { halfOpen: _, quiet: _quiet, json: _json, interval, port, pid, comm, namespace, ...rest } = flags;
  const { count, duration, ipv4, ipv6, ...others } = rest;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const option = other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw usageError(`--${option}`, "does not go with --half-open, which shows listeners");
  }
  if (ipv4 && ipv6) throw usageError("-4", "excludes -6");
  return { port, pid, comm, namespace, interval, count, duration, ipVersion: ipv4 ? 4 : ipv6 ? 6 : undefined };
}
