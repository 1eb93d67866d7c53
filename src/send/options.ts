/** The options of sending, which are checked before anything is opened. */
import { availableParallelism } from "node:os";
import { usageError } from "../errors.ts";
import type { VariedFields } from "../native/live-frames.ts";
import { numberIn, oneOf } from "../options/checks.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";

/** How frames are sent: as live frames of XDP, or through a packet socket. */
export type SendEngineChoice = "auto" | "xdp" | "socket";
/** A field that becomes random in each frame. */
export type VariedField = "src-ip" | "src-port";

/** The options of send(). Unknown ones are refused. */
export interface SendOptions {
  /** The name of the interface that the frames leave through. */
  interface: string;
  /** Frames a second, instead of the gaps that the file's times tell. */
  packetsPerSecond?: number | undefined;
  /** How many times as fast as the file's times tell; default 1. */
  multiplier?: number | undefined;
  /** Seconds between two frames beyond which the gap that the file's times tell is shortened. Default 60; 0: never. */
  maxGap?: number | undefined;
  /** As fast as it goes. */
  topspeed?: boolean | undefined;
  /** How often the file is sent; 0: until stopped. Default 1. */
  loop?: number | undefined;
  /** Ends the sending after so many frames. */
  count?: number | undefined;
  /** Fields that become random in each frame, with its checksums kept right. */
  vary?: readonly VariedField[] | undefined;
  /** "xdp": live frames, with topspeed only; "socket": a packet socket. Default "auto": xdp where it can. */
  engine?: SendEngineChoice | undefined;
  /** CPUs that the xdp engine sends on. Default: as many as the interface has transmit queues. */
  cpus?: number | undefined;
  /** Must be true to send through an interface of a default route. */
  allowDefaultRoute?: boolean | undefined;
  /** Ends the sending as stop() does. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error, such as why the packet socket was taken. */
  onNote?: ((note: string) => void) | undefined;
}

/** When a frame is sent: at once, at a rate, or by the times of the file. */
export type Pace =
  | { readonly kind: "topspeed" }
  | { readonly kind: "rate"; readonly packetsPerSecond: number }
  | { readonly kind: "times"; readonly multiplier: number; readonly maxGap: number };

export interface SendSettings {
  interface: string;
  pace: Pace;
  /** Infinity: until stopped. */
  loop: number;
  count: number;
  vary: VariedFields;
  engine: SendEngineChoice;
  cpus: number | undefined;
  allowDefaultRoute: boolean;
  signal: AbortSignal | undefined;
  onNote: (note: string) => void;
}

const OPTIONS: Readonly<Record<keyof SendOptions, true>> = {
  interface: true,
  packetsPerSecond: true,
  multiplier: true,
  maxGap: true,
  topspeed: true,
  loop: true,
  count: true,
  vary: true,
  engine: true,
  cpus: true,
  allowDefaultRoute: true,
  signal: true,
  onNote: true,
};

/** Seconds. No test waits longer on purpose, and files that were put together from several have gaps of hours. */
const DEFAULT_MAX_GAP = 60;

const VARIED_FIELDS: readonly VariedField[] = ["src-ip", "src-port"];

/** @throws RingcapError USAGE that names the option */
export function checkSendOptions(options: SendOptions): SendSettings {
  refuseUnknown(options, OPTIONS);
  if (typeof options.interface !== "string" || options.interface === "") {
    throw usageError(
      "interface",
      "the interface to send to is missing",
      "name it with `interface`; `ringcap -D` lists them",
    );
  }
  const pace = checkPace(options);
  const engine = oneOf("engine", options.engine, ["auto", "xdp", "socket"], "auto");
  if (engine === "xdp" && pace.kind !== "topspeed") {
    throw usageError("engine", "live frames have no pace", 'use `topspeed: true` with it, or `engine: "socket"`');
  }
  if (options.cpus !== undefined && (engine === "socket" || pace.kind !== "topspeed")) {
    throw usageError(
      "cpus",
      "a packet socket sends on one CPU",
      'use `topspeed: true` with it, and no `engine: "socket"`',
    );
  }
  const { cpus } = options;
  return {
    interface: options.interface,
    pace,
    loop: numberIn("loop", options.loop, 1, 0, Number.MAX_SAFE_INTEGER) || Number.POSITIVE_INFINITY,
    count: numberIn("count", options.count, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    vary: checkVary(options.vary ?? []),
    engine,
    cpus: cpus === undefined ? undefined : numberIn("cpus", cpus, 1, 1, availableParallelism()),
    allowDefaultRoute: options.allowDefaultRoute ?? false,
    signal: options.signal,
    onNote: options.onNote ?? (() => {}),
  };
}

function checkPace({ packetsPerSecond, multiplier, topspeed, maxGap }: SendOptions): Pace {
  const given = [
    ...(packetsPerSecond === undefined ? [] : ["packetsPerSecond"]),
    ...(multiplier === undefined ? [] : ["multiplier"]),
    ...(topspeed ? ["topspeed"] : []),
  ];
  const [first, second] = given;
  if (first !== undefined && second !== undefined) throw usageError(first, `excludes \`${second}\``);
  if (maxGap !== undefined && (topspeed || packetsPerSecond !== undefined)) {
    throw usageError("maxGap", `only the file's times have gaps, which \`${first}\` does without`);
  }
  if (topspeed) return { kind: "topspeed" };
  if (packetsPerSecond !== undefined) {
    return { kind: "rate", packetsPerSecond: positive("packetsPerSecond", packetsPerSecond) };
  }
  return { kind: "times", multiplier: positive("multiplier", multiplier ?? 1), maxGap: checkMaxGap(maxGap) };
}

function positive(option: string, value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) throw usageError(option, `"${value}" is not a number above 0`);
  return value;
}

/** Infinity: no gap is shortened. */
function checkMaxGap(maxGap = DEFAULT_MAX_GAP): number {
  return maxGap === 0 ? Number.POSITIVE_INFINITY : positive("maxGap", maxGap);
}

function checkVary(fields: readonly VariedField[]): VariedFields {
  const unknown = fields.find((field) => !VARIED_FIELDS.includes(field));
  if (unknown !== undefined) throw usageError("vary", `"${unknown}" is none of ${VARIED_FIELDS.join(", ")}`);
  return { sourceAddress: fields.includes("src-ip"), sourcePort: fields.includes("src-port") };
}
