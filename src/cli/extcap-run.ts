/** Runs `ringcap extcap run`, which the launcher in Wireshark's folder calls with the options of extcap(4). */
import { spawn } from "node:child_process";
import { planCapture } from "../capture/index.ts";
import { RingcapError, usageError } from "../errors.ts";
import {
  becomeOutput,
  type ExtcapInterface,
  isSudoAllowed,
  mayCapture,
  onParentGone,
  onWiresharkGone,
  parseInterfaceName,
  sudoWords,
  titleOf,
} from "../extcap/index.ts";
import { printableMessage } from "../outputs/index.ts";
import { runCapture } from "./capture-command.ts";
import type { CaptureFlags } from "./capture-options.ts";
import type { ExtcapRunFlags } from "./extcap-options.ts";
import { toFilterOptions } from "./filter-options.ts";
import { print } from "./messages.ts";
import { numberOf } from "./option-adder.ts";
import { messageInFlags } from "./option-words.ts";

/** Wireshark dissects packets, so that all their bytes are kept. */
const SNAPSHOT_LENGTH = 262_144;

/**
 * Runs the command.
 *
 * @param words the arguments, for the same command under sudo
 * @returns the exit code
 */
export async function runExtcap(flags: ExtcapRunFlags, words: readonly string[]): Promise<number> {
  if (flags.rights) return mayCapture() ? 0 : 1;
  const filter = flags.extcapCaptureFilter?.trim() ?? "";
  if (!flags.capture) {
    checkFilter(filter, parseInterfaceName(flags.extcapInterface));
    return 0;
  }
  const { fifo } = flags;
  if (fifo === undefined) {
    throw usageError("--fifo", "it names no pipe for the packets", "capture with tshark or Wireshark");
  }
  if (flags.untilInputEnds) process.stdin.on("end", stop).resume();
  // This comes before everything that may fail. Wireshark tells of a failure when the pipe ends, which must have begun.
  await becomeOutput(fifo, flags.untilInputEnds ? callerOfSudo() : undefined);
  const target = parseInterfaceName(flags.extcapInterface);
  if (flags.action === "drop") refuseToDropAll(flags, filter);
  if (!mayCapture()) return captureBySudo(target, words);
  onWiresharkGone(stop);
  try {
    return await runCapture(filter === "" ? [] : [filter], toCaptureFlags(flags, target));
  } catch (error) {
    throw inWordsOfWireshark(error, target);
  }
}

/** The user whose pipe is written to with root's rights: pipes of other users take orders, as systemd's /run/initctl does. */
function callerOfSudo(): number {
  return Number(process.env.SUDO_UID ?? process.getuid?.() ?? 0);
}

/** Stops the capture as Wireshark does. */
function stop(): void {
  process.kill(process.pid, "SIGTERM");
}

function toCaptureFlags(flags: ExtcapRunFlags, { device, hook }: ExtcapInterface): CaptureFlags {
  const { port, tcpFlags, process, action } = flags;
  const sample = givenNumber("--sample", flags.sample);
  const snapshotLength = givenNumber("--snapshot-length", flags.snapshotLength) ?? SNAPSHOT_LENGTH;
  if (port?.some((entry) => entry.startsWith("@"))) {
    // Whoever may call this by sudo or by a program with capabilities is not to read files with its rights.
    throw usageError("--port", "Wireshark takes no list from a file", "give the ports: 80,443,8000-8100");
  }
  const given = { port: port?.filter(isGiven), tcpFlags, sample, process, action };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => isGiven(value))),
    interface: [device],
    hook,
    direction: hook === "tc" ? "inout" : "in",
    snapshotLength,
    write: "-",
    format: "pcapng",
    // Wireshark shows all that an extcap says as an error. Somebody looks at the packets as they come.
    quiet: true,
    packetBuffered: true,
  };
}

function givenNumber(option: string, text: string | undefined): number | undefined {
  return isGiven(text) ? numberOf(option, text) : undefined;
}

/** Wireshark hands over fields that were left empty. */
function isGiven<Value>(value: Value | undefined): value is Value {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Prints nothing for a filter that is right, and what is wrong with another. Wireshark reads no exit code but 0. */
function checkFilter(expression: string, { device, hook }: ExtcapInterface): void {
  const filter = toFilterOptions({}, expression === "" ? [] : [expression]);
  try {
    planCapture({ interfaces: [device], hook, direction: hook === "tc" ? "inout" : "in", filter });
  } catch (error) {
    if (!(error instanceof RingcapError)) throw error;
    print(`${printableMessage(messageInFlags(error))}\n`);
  }
}

/** @throws RingcapError USAGE where the host would be cut off */
function refuseToDropAll({ port, tcpFlags }: ExtcapRunFlags, filter: string): void {
  if (filter !== "" || port?.some(isGiven) || isGiven(tcpFlags)) return;
  const hint = "give a capture filter, ports or TCP flags of what is to be dropped";
  throw usageError("--action", "without a filter every packet would be dropped, and this host cut off", hint);
}

function inWordsOfWireshark(error: unknown, target: ExtcapInterface): unknown {
  if (!(error instanceof RingcapError)) return error;
  const { message, code, operation, option, cause } = error;
  const hint = error.hint?.replace('`hook: "tc"`', `the interface "${titleOf({ ...target, hook: "tc" })}"`);
  return new RingcapError(message, { code, operation, option, cause, hint });
}

/**
 * Runs the same command as root. Only this process gets Wireshark's signals, so that the other one ends when its
 * standard input does.
 */
async function captureBySudo({ device }: ExtcapInterface, words: readonly string[]): Promise<number> {
  if (!isSudoAllowed()) {
    const operation = `capture from ${device}`;
    throw new RingcapError(`${operation}: this user may not load BPF programs`, {
      code: "PRIVILEGE",
      operation,
      hint: "sudo ringcap extcap install --grant wireshark lets the members of that group; ringcap extcap status says what works",
    });
  }
  const child = spawn("sudo", ["-n", ...sudoWords(), ...words], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const end = () => child.stdin.end();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
  onParentGone(end);
  child.stdin.on("error", () => {});
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}
